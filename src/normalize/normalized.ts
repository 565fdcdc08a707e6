/** What becomes of a message: the type that the rooms behind this one work with. */
import type { GatewayEvent } from "../core/event.ts";
import type { RecordClass } from "../core/event-kind.ts";
import type { LaterSeq } from "../core/receipt.ts";
import type { MessageIdentity } from "../core/record.ts";
import type { KnownDevice } from "./known-device.ts";
import type { RepeatKey } from "./repeat.ts";

/** One event of a message, and what its record is to be. */
export interface NormalizedEvent {
  readonly event: GatewayEvent;
  readonly recordClass: RecordClass;
  readonly identity?: MessageIdentity | undefined;
  /** What tells that the same reading came before, where its profile names that. */
  readonly repeat?: RepeatKey | undefined;
  /** Whom it is from; the same object for each message of the same device and profile. */
  readonly device?: KnownDevice;
}

/** A message with an event. */
export interface StoredMessage extends NormalizedEvent {
  /** Of a message with several: those behind the first, in the order of the message. */
  readonly more?: readonly NormalizedEvent[];
  readonly passedOver?: undefined;
}

/**
 * - `ignored`: on a topic that is listed as noise.
 * - `repeat`: a reading that is stored already.
 * - `cleared`: nothing in it, which takes back what a broker had kept.
 * - `description`: a device says what it sends.
 */
export type PassedOverReason = "ignored" | "repeat" | "cleared" | "description";

/** A message that is counted and not stored. */
export interface PassedOverMessage {
  readonly passedOver: PassedOverReason;
  /** Who says that it is noise: a profile, or the configuration. */
  readonly by?: string;
  /** And by which words. */
  readonly filter?: string;
  /** Where it is known; such a message proves no life. */
  readonly device?: KnownDevice;
  /** What has to be on disk before it is acknowledged, where it is kept in another place. */
  readonly until?: LaterSeq;
}

/** What became of a message. */
export type Normalized = StoredMessage | PassedOverMessage;
