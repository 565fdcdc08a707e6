/** What stands in one message of a stream, whichever stream it is. */
import { type AlertTransition, siteOfAlert } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import { type CommandOrder, decodeOrder, isMalformedCommand } from "../core/command-codec.ts";
import { type DerivedValue, decodeDerived, derivedIdOf } from "../core/derived-value.ts";
import type { StoredEvent } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import type { EventKind } from "../core/event-kind.ts";
import { eventIdOf } from "../core/ids.ts";
import type { OperatorAction } from "../core/operator-action.ts";
import { derivedSubject, eventSubject, gatewayStream } from "../core/subject.ts";
import type { StoredMessage } from "../stream/message-get.ts";
import { parseAction } from "../stream/parse-action.ts";
import { parseStoredTransition } from "../stream/parse-transition.ts";

/** What a message says, told apart by `kind`. */
export type Told =
  | { readonly kind: EventKind; readonly event: StoredEvent }
  | { readonly kind: "alert"; readonly transition: AlertTransition }
  | { readonly kind: "action"; readonly action: OperatorAction }
  | { readonly kind: "derived"; readonly value: DerivedValue }
  | { readonly kind: "command"; readonly order: CommandOrder };

/** A kind that is not one of gateways' events. */
export type OtherKind = Exclude<Told["kind"], EventKind>;

export interface PastEntry {
  readonly stream: string;
  readonly message: StoredMessage;
  readonly text: string;
  readonly told: Told;
  readonly id: string;
  readonly site: string;
  /** Null where it is about no single one. */
  readonly gateway: string | null;
  readonly device: string | null;
  /** When its gateway received it; of what no gateway said, when it was stored. */
  readonly receivedMs: EpochMs;
}

/** Undefined for what is none of ours, or does not stand where it belongs. */
export type ReadEntry = (stream: string, message: StoredMessage) => PastEntry | undefined;

export const readEventEntry: ReadEntry = (stream, message) => {
  const text = textOf(message);
  const event = decodeEvent(text);
  if (isMalformed(event)) return undefined;
  const { device, kind, origin, position } = event;
  if (gatewayStream(origin.gateway) !== stream) return undefined;
  if (eventSubject({ ...origin, device, kind }) !== message.natsSubject) return undefined;
  const id = eventIdOf(origin.gateway, position.run, position.seq);
  const told: Told = { kind, event };
  return { stream, message, text, told, id, ...origin, device, receivedMs: event.receivedMs };
};

export const readAlertEntry: ReadEntry = (stream, message) => {
  const transition = parseStoredTransition(message.natsSubject, message.body);
  if (!transition) return undefined;
  const { id, labels } = transition;
  return {
    ...placed(stream, message),
    told: { kind: "alert", transition },
    id,
    site: siteOfAlert(transition),
    gateway: labels["gateway"] ?? null,
    device: labels["device"] ?? null,
  };
};

export const readActionEntry: ReadEntry = (stream, message) => {
  const action = parseAction(message.natsSubject, message.body);
  if (!action) return undefined;
  const { id, site } = action;
  const told: Told = { kind: "action", action };
  return { ...placed(stream, message), told, id, site, gateway: null, device: null };
};

export const readDerivedEntry: ReadEntry = (stream, message) => {
  const value = decodeDerived(textOf(message));
  if (!value || derivedSubject(value) !== message.natsSubject) return undefined;
  const { device, gateway, site } = value;
  const told: Told = { kind: "derived", value };
  return { ...placed(stream, message), told, id: derivedIdOf(value), site, gateway, device };
};

export const readCommandEntry: ReadEntry = (stream, message) => {
  const order = decodeOrder(message.natsSubject, message.body);
  if (isMalformedCommand(order)) return undefined;
  const { device, gateway, id, site } = order.order === "command" ? order.command : order.cancel;
  const told: Told = { kind: "command", order };
  return { ...placed(stream, message), told, id, site, gateway, device };
};

function placed(stream: string, message: StoredMessage) {
  return { stream, message, text: textOf(message), receivedMs: message.storedMs };
}

function textOf({ body }: StoredMessage): string {
  return new TextDecoder().decode(body);
}
