/** Where runs of plans are when something is killed. */
import { effectOf } from "../../src/plans/attempt-effect.ts";
import { type Attempt, hasEnded, type PlanRun } from "../../src/plans/plan-run.ts";

export const victims = ["processor", "gateway", "server"] as const;
export type Victim = (typeof victims)[number];

/** Places that each victim must be killed at. */
const mustPlaces = [
  "requested",
  ...["1", "2", "4", "back 2", "back 1"].flatMap((step) => [`${step} issued`, `${step} open`]),
  "3 waits",
];

/** Where a run is between two of its steps; undefined behind its end. */
export function placeOf(run: PlanRun): string | undefined {
  if (hasEnded(run)) return undefined;
  if (run.state === "requested") return "requested";
  if (run.state === "running") {
    const at = run.steps.findIndex((step) =>
      step.kind === "wait" ? !step.over : !step.attempt || effectOf(step.attempt) !== "had",
    );
    const step = run.steps[at];
    if (step?.kind === "wait") return `${at + 1} waits`;
    return `${at + 1} ${step?.attempt ? wordOf(step.attempt) : "stands"}`;
  }
  const at = run.steps.findIndex((step) => step.kind === "command" && step.undo !== undefined);
  const step = run.steps[at];
  return `back ${step?.kind === "command" && step.undo ? `${at + 1} ${wordOf(step.undo)}` : "begins"}`;
}

function wordOf({ final, heard }: Attempt): string {
  if (final) return "ended";
  return heard === 0 ? "issued" : "open";
}

/** Which victims were killed at which places, and at which changes of a run. */
export class KilledAt {
  readonly #pairs = new Set<string>();
  readonly #changes = new Set<string>();

  note(victim: Victim, runs: Iterable<PlanRun>): void {
    for (const run of runs) {
      const place = placeOf(run);
      if (place === undefined) continue;
      this.#pairs.add(`${victim} at ${place}`);
      this.#changes.add(`${victim} ${run.change}`);
    }
  }

  /** True where that victim still must be killed at that place. */
  lacks(victim: Victim, place: string | undefined): boolean {
    return mustPlaces.some((must) => must === place) && !this.#pairs.has(`${victim} at ${place}`);
  }

  /** What must be killed at some place, and was not. */
  get missing(): readonly string[] {
    return victims.flatMap((victim) =>
      mustPlaces
        .filter((place) => this.lacks(victim, place))
        .map((place) => `${victim} at ${place}`),
    );
  }

  get places(): number {
    return this.#pairs.size;
  }

  get changes(): number {
    return this.#changes.size;
  }
}
