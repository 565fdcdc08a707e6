/** What one record of the durable log is. */
import type { EpochMs } from "./clock.ts";
import type { DeliveryPart } from "./delivery-part.ts";
import type { EventKind, RecordClass } from "./event-kind.ts";
import type { LogPosition } from "./ids.ts";

/**
 * What a device says to tell its messages apart: a resend has the same counter and the same bytes,
 * a device that starts its counter anew does not.
 */
export interface MessageIdentity {
  /** The device's own number of the message, a safe integer not below 0. */
  readonly counter: number;
  /** Hash of what the device says about its boot; 0 when it says nothing. 32 bits, unsigned. */
  readonly boot: number;
  /** CRC-32 of the payload as received, unsigned. */
  readonly hash: number;
}

/**
 * A QoS 2 message whose sender has not released it yet, or one of QoS 1 in a kept session: the name by
 * which a resend of it is recognized, on disk together with the event.
 */
export interface Delivery {
  /** Digest of listener, user and client: 32 hexadecimal characters. */
  readonly session: string;
  /** The client's number of the message; free for another one once released or answered. 1 to 65535. */
  readonly packetId: number;
  /** CRC-32 of topic and payload, unsigned. */
  readonly hash: number;
  /** Where the message has several records: which of them it is. */
  readonly part?: DeliveryPart;
  /** QoS 1: open until its PUBACK was sent, and sent for the `first` time or `again` (DUP). */
  readonly untilPuback?: "first" | "again";
}

/** A record that is on disk. */
export interface StoredRecord extends LogPosition {
  /** When it was appended, wall clock. */
  readonly appendedMs: EpochMs;
  readonly kind: EventKind;
  readonly recordClass: RecordClass;
  /** Escaped, as it stands in the subject; `=` for the gateway's own. */
  readonly deviceToken: string;
  readonly delivery?: Delivery;
  /** The CloudEvent as it travels. Valid until the reader's next call. */
  readonly body: Uint8Array;
}
