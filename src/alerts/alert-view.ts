import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import type { SiteId } from "../core/ids.ts";
import type { DisplayState } from "./display-state.ts";

/** Who said something about an alert. */
export interface Said {
  readonly by: string;
  /** When the server stored it: the one clock that all who act share. */
  readonly storedMs: EpochMs;
  readonly reason?: string;
}

/** That nobody is to be told for a while. */
export interface Shelf extends Said {
  readonly untilMs: EpochMs;
  /** It ends as well when the alert is normal next. */
  readonly once: boolean;
}

/** One alert instance as it is at a given time. */
export interface AlertView {
  readonly instance: string;
  readonly site: SiteId;
  readonly state: DisplayState;
  /** Undefined where the stream has only what people did. */
  readonly last: AlertTransition | undefined;
  readonly isFiring: boolean;
  /** Stays listed until somebody acknowledged it. */
  readonly ackRequired: boolean;
  /** Of this episode, as severe as it is now. */
  readonly acked: Said | undefined;
  /** It fired, is normal again, and waits for a reset. */
  readonly isLatched: boolean;
  readonly shelf: Shelf | undefined;
  readonly outOfService: Said | undefined;
  /** The alert that fires and explains it. */
  readonly suppressedBy: AlertTransition | undefined;
  readonly isFlapping: boolean;
  /** Since when it fires, event time; undefined while it does not. */
  readonly standingSinceMs: EpochMs | undefined;
}
