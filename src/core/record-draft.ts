import type { EventKind, RecordClass } from "./event-kind.ts";
import type { DeviceId, EventId } from "./ids.ts";
import type { Delivery, MessageIdentity } from "./record.ts";

/** A record to be. */
export interface RecordDraft {
  readonly kind: EventKind;
  readonly recordClass: RecordClass;
  /** Null for the gateway's own events. */
  readonly device: DeviceId | null;
  readonly identity?: MessageIdentity;
  readonly delivery?: Delivery;
  /** Gives the event as it will travel (CloudEvent JSON), once the log has given it its id. */
  encode(id: EventId): string;
}
