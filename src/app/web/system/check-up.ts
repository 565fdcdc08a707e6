/** The checks of `sluicegate doctor`, for the API: made by one who asks, for all who ask meanwhile. */
import type { HealthCheck } from "../../../api/shapes/system.ts";
import type { Clock } from "../../../core/clock.ts";
import { checks } from "../../doctor/checks.ts";
import { openSurroundings } from "../../doctor/open-surroundings.ts";
import { runChecks } from "../../doctor/run-checks.ts";

const capMs = 5_000;
/** What was found counts for so long. */
const countsMs = 5_000;

export interface CheckUpParts {
  readonly configPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** What the roles of this process say of themselves. */
  readonly rolesStatus: () => object;
}

export class CheckUp {
  readonly #parts: CheckUpParts;
  #made: { readonly atMs: number; readonly found: Promise<HealthCheck[]> } | undefined;

  constructor(parts: CheckUpParts) {
    this.#parts = parts;
  }

  /** As it is now, or a moment ago. */
  now(): Promise<HealthCheck[]> {
    const nowMs = this.#parts.clock.monotonicMs();
    if (this.#made === undefined || nowMs - this.#made.atMs > countsMs)
      this.#made = { atMs: nowMs, found: this.#run() };
    return this.#made.found;
  }

  async #run(): Promise<HealthCheck[]> {
    const { clock, configPath, env, rolesStatus } = this.#parts;
    const around = openSurroundings({ configPath, env, capMs, status: rolesStatus });
    const rows: HealthCheck[] = [];
    try {
      for await (const { check, findings } of runChecks(checks, around, { clock, capMs }))
        for (const { about, next = "", verdict, what, why } of findings)
          if (verdict !== "skipped")
            rows.push({
              name: about === undefined ? check.id : `${check.id} ${about}`,
              code: check.id,
              verdict,
              text: why === undefined ? what : `${what}: ${why}`,
              advice: next,
            });
    } finally {
      await around.close();
    }
    return rows;
  }
}
