import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";

/**
 * Where a transition stands among those of its instance: by the start of its episode, then by its
 * number in it. The number alone says nothing, since each episode begins at 1.
 */
export interface TransitionOrder {
  readonly startedMs: EpochMs;
  readonly n: number;
}

export function orderOf(transition: Pick<AlertTransition, "started_at" | "n">): TransitionOrder {
  return { startedMs: Date.parse(transition.started_at), n: transition.n };
}

/** Negative when `a` comes before `b`, 0 when they are the same transition. */
export function compareOrder(a: TransitionOrder, b: TransitionOrder): number {
  return a.startedMs - b.startedMs || a.n - b.n;
}
