import type { EpochMs } from "../../core/clock.ts";
import type { Counter, Metrics } from "../../core/metrics.ts";
import type { Refusal } from "../../core/refusal.ts";
import { type Damage, damages } from "./framers/framer.ts";

export interface DamageCountsDeps {
  readonly source: string;
  readonly address: string;
  readonly metrics: Metrics;
  readonly nowMs: () => EpochMs;
}

/** How many frames of a line were damaged, and how. */
export class DamageCounts {
  readonly #deps: DamageCountsDeps;
  readonly #total: Counter;
  readonly #byDamage = new Map<Damage, Refusal>();

  constructor(deps: DamageCountsDeps) {
    this.#deps = deps;
    this.#total = deps.metrics.counter(
      "gateway_sources_frames_damaged_total",
      "Frames of lines that were damaged, by what was wrong with them.",
    );
  }

  /** The latest first. */
  get latest(): readonly Refusal[] {
    return [...this.#byDamage.values()].reverse();
  }

  add(damage: Damage, bytes: number): void {
    const { address, nowMs, source } = this.#deps;
    this.#total.add(1, { source, reason: damage });
    const count = (this.#byDamage.get(damage)?.count ?? 0) + 1;
    this.#byDamage.delete(damage);
    const last = { address, bytes, limit: damages[damage] };
    const what = "a frame was damaged";
    this.#byDamage.set(damage, { what, reason: damage, count, lastMs: nowMs(), last });
  }
}
