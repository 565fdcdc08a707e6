import type { EventKind, RecordClass } from "./event-kind.ts";
import type { Delivery, MessageIdentity } from "./record.ts";

/** A record to be. Data only, so that it can be handed to another thread. */
export interface RecordDraft {
  readonly kind: EventKind;
  readonly recordClass: RecordClass;
  /** Escaped, as it stands in the subject; `=` for the gateway's own. */
  readonly deviceToken: string;
  readonly identity?: MessageIdentity | undefined;
  readonly delivery?: Delivery | undefined;
  /** The event as it travels (CloudEvent JSON), from behind its id on: see `event-front.ts`. */
  readonly tail: string;
}
