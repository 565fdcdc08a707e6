import type { Holding } from "./judge-telling.ts";
import type { WaitingInstance } from "./waiting-instance.ts";

/** What waits for a receiver, in numbers. */
export interface WaitingCounts {
  readonly instances: number;
  /** Transitions that wait or are under way. */
  readonly transitions: number;
  /** Instances whose last attempt failed. */
  readonly retried: number;
  /** Instances that are held back, by why; `grouped` wait for the others of their group. */
  readonly held: Readonly<Partial<Record<Holding | "grouped", number>>>;
}

export function countWaiting(all: Iterable<WaitingInstance>): WaitingCounts {
  let instances = 0;
  let transitions = 0;
  let retried = 0;
  const held: Partial<Record<Holding | "grouped", number>> = {};
  for (const { attempts, count, groupKey, holding, turn } of all) {
    instances += 1;
    transitions += count;
    if ((turn?.attempts ?? attempts) > 0) retried += 1;
    const why = holding ?? (groupKey === undefined ? undefined : "grouped");
    if (why !== undefined && !turn) held[why] = (held[why] ?? 0) + 1;
  }
  return { instances, transitions, retried, held };
}
