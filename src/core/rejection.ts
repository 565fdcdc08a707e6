/** Bad input is a value: what did not fit, kept so that it can be processed again. */

export type RejectionCode =
  /** No profile takes this topic, or none of those that do reads such a message. */
  | "no-profile"
  /** The payload cannot be decoded: not JSON, too deep, too large. */
  | "undecodable"
  /** A line gave no whole frame: its checksum is wrong, or its end is missing. */
  | "damaged"
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
  /** Of a message with several members the one that did not fit; `payload` is that alone, as JSON. */
  readonly member?: string;
  /**
   * So many messages before this one did not fit either, and are counted here only, since what is kept
   * of a topic was used up: messages of the same client, or of the topic where no profile reads it.
   */
  readonly notKept?: number;
}
