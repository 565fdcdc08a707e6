/** Bad input is a value: what did not fit, kept so that it can be processed again. */

export type RejectionCode =
  /** No profile takes this topic. */
  | "no-profile"
  /** The payload cannot be decoded: not JSON, too deep, too large. */
  | "undecodable"
  /** Decoded, but nothing in it is what the profile expects. */
  | "no-metric"
  /** A value has the wrong type or is not a finite number. */
  | "bad-value"
  /** The topic or payload names a device with an impossible id. */
  | "bad-device";

/** The body of a `rejection` event. */
export interface Rejection {
  readonly code: RejectionCode;
  /** For people: what was expected, what was found, where. */
  readonly reason: string;
  readonly topic: string;
  /** The payload as received, base64; cut at `rejections.max_payload`, then `truncated` is true. */
  readonly payload: string;
  readonly truncated?: boolean;
  /** The profile that was tried, with its version. */
  readonly profile?: string;
  /**
   * So many messages of the same client did not fit either, just before this one, and are counted
   * here only: their topics had used up what is kept whole of a topic.
   */
  readonly notKept?: number;
}
