/**
 * What a person decided about messages that were rejected; the body of a `decision` event. Which is in
 * force for a message, if several name it, is the first.
 */
export interface Decision {
  /** `reprocessed`: events of it, which name it, stand in front. `discarded`: it is of no use. */
  readonly decision: "reprocessed" | "discarded";
  /** Ids of the `rejection` events. */
  readonly rejections: readonly string[];
  /** For people; never missing where something was discarded. */
  readonly reason?: string;
  /** Who, where that is known: a name of a person or a program. */
  readonly by?: string;
}
