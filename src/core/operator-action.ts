/** What people do about alerts: events beside the transitions of their conditions. */
import type { SiteId } from "./ids.ts";

/**
 * - `ack`: seen; of one episode. A rise in severity, or the next episode, is not.
 * - `shelve`, `unshelve`: nobody is told of the instance for a bounded time, for a reason.
 * - `reset`: ends a latched alert that is normal again.
 * - `clear`: the episode is over, says a person; where it still is so, another one begins.
 * - `out-of-service`, `in-service`: judged and stored, told to nobody, until it is taken back.
 */
export const operatorVerbs = [
  "ack",
  "shelve",
  "unshelve",
  "reset",
  "clear",
  "out-of-service",
  "in-service",
] as const;
export type OperatorVerb = (typeof operatorVerbs)[number];

/** One action of a person on one instance, as it is stored. */
export interface OperatorAction {
  readonly schema: "alert.action/1";
  /** Unique for ever; made by whoever issues it. */
  readonly id: string;
  readonly verb: OperatorVerb;
  readonly site: SiteId;
  readonly instance: string;
  /** Of `ack`, `reset` and `clear`: the episode that was seen. */
  readonly episode?: string;
  /** Of the same: the last transition of it that was seen; a rise behind that is not. */
  readonly n?: number;
  /** Of `shelve`: when it ends by itself, RFC 3339. */
  readonly until?: string;
  /** Of `shelve`: it ends as well when the condition is normal next. */
  readonly once?: true;
  /** Who: a name of a person or a program. */
  readonly by: string;
  /** Required of `shelve` and `out-of-service`. */
  readonly reason?: string;
  /** RFC 3339, by the clock of who issued it. */
  readonly at: string;
}
