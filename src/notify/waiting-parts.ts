/** What the waiting instances are made of: their part of a cursor, and whom they ask. */
import type { FlushedState } from "./collecting-groups.ts";
import type { KeptNotices } from "./group-turns.ts";
import type { Passing } from "./judge-telling.ts";
import type { JudgeDependencies } from "./telling-judge.ts";
import type { ToldTransitions } from "./told-transitions.ts";
import type { WaitingState } from "./waiting-instance.ts";

export interface WaitingParts {
  readonly waiting: WaitingState;
  readonly flushed: FlushedState;
  readonly notices: KeptNotices;
}

export interface WaitingDependencies extends JudgeDependencies {
  readonly told: ToldTransitions;
  /** Called when something that slept may go. */
  readonly onReady: () => void;
  /** So many transitions are told to nobody. */
  readonly onPassed: (why: Passing, transitions: number) => void;
}
