import type { GatewayEvent, Origin } from "./event.ts";
import { createTailEncoder } from "./event-codec.ts";
import { eventKinds, type RecordClass } from "./event-kind.ts";
import type { Delivery, MessageIdentity } from "./record.ts";
import type { RecordDraft } from "./record-draft.ts";
import { remember } from "./remember.ts";
import { gatewayToken } from "./subject.ts";
import { escapeToken } from "./token.ts";

/** Makes the record of an event; it has the class of its kind unless another is named. */
export type DraftEvent = (
  event: GatewayEvent,
  recordClass?: RecordClass,
  identity?: MessageIdentity,
  delivery?: Delivery,
) => RecordDraft;

/** Names come again and again, and are escaped once. */
const maxNames = 16_384;

/** Gives the function that makes records of the events of one gateway. */
export function createDrafter(origin: Origin): DraftEvent {
  const tail = createTailEncoder(origin);
  const tokenOf = remember(maxNames, escapeToken);
  return (event, recordClass = eventKinds[event.kind].recordClass, identity, delivery) => ({
    kind: event.kind,
    recordClass,
    deviceToken: event.device === null ? gatewayToken : tokenOf(event.device),
    identity,
    delivery,
    tail: tail(event),
  });
}
