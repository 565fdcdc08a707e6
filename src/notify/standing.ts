/** What people do about an alert, and what other alerts say of it, as far as telling goes. */

import type { AlertTransition } from "../core/alert.ts";
import type { StreamSeq } from "../core/ids.ts";

/** Why nobody is to be told of an alert now. */
export type Hiding = "shelved" | "suppressed" | "out of service" | "latched";

export interface Standing {
  /** Somebody acknowledged the episode as it is. */
  readonly acked: boolean;
  readonly hidden: Hiding | undefined;
  /** It changes all the time. */
  readonly flapping: boolean;
}

export interface Standings {
  /** How far in the stream of alerts this knows what happened. */
  readonly readUpTo: StreamSeq;
  /** Calls back when it read on, until the signal. */
  onRead(signal: AbortSignal, call: () => void): void;
  /** Instances that somebody shelved or took out of service, as it is now. */
  setAside(): Iterable<string>;
  of(transition: Pick<AlertTransition, "instance" | "episode">): Standing;
}
