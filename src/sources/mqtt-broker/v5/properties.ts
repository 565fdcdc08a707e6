/** The properties of a packet, MQTT 5 §2.2.2: one walk that checks them, one that reads them. */
import type { FrameProblem } from "../frame-check.ts";
import { incomplete, lengthBefore, lengthEnd, malformed } from "../frame-length.ts";
import { dataEnd, numberAt, textEnd } from "../wire-fields.ts";

/** Identifiers of the properties that are looked at by name. */
export const property = {
  payloadFormat: 0x01,
  messageExpiry: 0x02,
  contentType: 0x03,
  responseTopic: 0x08,
  correlationData: 0x09,
  subscriptionIdentifier: 0x0b,
  sessionExpiry: 0x11,
  assignedClientIdentifier: 0x12,
  authenticationMethod: 0x15,
  authenticationData: 0x16,
  requestProblemInformation: 0x17,
  willDelay: 0x18,
  requestResponseInformation: 0x19,
  reasonString: 0x1f,
  receiveMaximum: 0x21,
  topicAliasMaximum: 0x22,
  topicAlias: 0x23,
  userProperty: 0x26,
  maximumPacketSize: 0x27,
  sharedSubscriptionAvailable: 0x2a,
} as const;

type Form = "byte" | "two" | "four" | "varint" | "text" | "data" | "pair";

/** Of those that clients may send. */
const forms: readonly (readonly [id: number, form: Form])[] = [
  [property.payloadFormat, "byte"],
  [property.messageExpiry, "four"],
  [property.contentType, "text"],
  [property.responseTopic, "text"],
  [property.correlationData, "data"],
  [property.subscriptionIdentifier, "varint"],
  [property.sessionExpiry, "four"],
  [property.authenticationMethod, "text"],
  [property.authenticationData, "data"],
  [property.requestProblemInformation, "byte"],
  [property.willDelay, "four"],
  [property.requestResponseInformation, "byte"],
  [property.reasonString, "text"],
  [property.receiveMaximum, "two"],
  [property.topicAliasMaximum, "two"],
  [property.topicAlias, "two"],
  [property.userProperty, "pair"],
  [property.maximumPacketSize, "four"],
];
const formOf = new Map<number, Form>(forms);

/** Those whose value 0 is an error. */
const notZero: ReadonlySet<number> = new Set([
  property.subscriptionIdentifier,
  property.receiveMaximum,
  property.maximumPacketSize,
]);

/** Which properties a kind of packet may have. */
export const propertiesOf = {
  connect: new Set<number>([
    property.sessionExpiry,
    property.authenticationMethod,
    property.authenticationData,
    property.requestProblemInformation,
    property.requestResponseInformation,
    property.receiveMaximum,
    property.topicAliasMaximum,
    property.userProperty,
    property.maximumPacketSize,
  ]),
  will: new Set<number>([
    property.payloadFormat,
    property.messageExpiry,
    property.contentType,
    property.responseTopic,
    property.correlationData,
    property.willDelay,
    property.userProperty,
  ]),
  publish: new Set<number>([
    property.payloadFormat,
    property.messageExpiry,
    property.contentType,
    property.responseTopic,
    property.correlationData,
    property.topicAlias,
    property.userProperty,
  ]),
  answer: new Set<number>([property.reasonString, property.userProperty]),
  subscribe: new Set<number>([property.subscriptionIdentifier, property.userProperty]),
  unsubscribe: new Set<number>([property.userProperty]),
  disconnect: new Set<number>([
    property.sessionExpiry,
    property.reasonString,
    property.userProperty,
  ]),
} as const;

/** Where the properties begin and end; a problem when what stands there is none. */
export function checkProperties(
  bytes: Buffer,
  at: number,
  end: number,
  allowed: ReadonlySet<number>,
): number | FrameProblem {
  const first = lengthEnd(bytes, at);
  if (first === incomplete || first === malformed || first > end) return "bad-property";
  const stop = first + lengthBefore(bytes, at, first);
  if (stop > end) return "bad-property";
  let seen = 0;
  let seenAbove = 0;
  for (let place = first; place < stop; ) {
    const id = bytes[place] ?? 0;
    const form = formOf.get(id);
    if (form === undefined) return "bad-property";
    if (!allowed.has(id)) return "wrong-property";
    if (form !== "pair") {
      const bit = 1 << (id & 31);
      if (((id < 32 ? seen : seenAbove) & bit) !== 0) return "property-twice";
      if (id < 32) seen |= bit;
      else seenAbove |= bit;
    }
    const next = valueEnd(bytes, place + 1, stop, form);
    if (next < 0) return "bad-property";
    if (form === "byte" && (bytes[place + 1] ?? 0) > 1) return "wrong-property";
    if (notZero.has(id) && valueAt(bytes, place + 1, next, form) === 0) return "wrong-property";
    if (id === property.responseTopic && !isTopicName(bytes, place + 3, next)) return "bad-topic";
    place = next;
  }
  return stop;
}

/** Calls `visit` for each property of a block that was checked; gives the place behind it. */
export function walkProperties(
  bytes: Buffer,
  at: number,
  visit: (id: number, from: number, to: number) => void,
): number {
  const first = lengthEnd(bytes, at);
  const stop = first + lengthBefore(bytes, at, first);
  for (let place = first; place < stop; ) {
    const id = bytes[place] ?? 0;
    const form = formOf.get(id);
    const next = form === undefined ? stop : valueEnd(bytes, place + 1, stop, form);
    if (next < 0) break;
    visit(id, place, next);
    place = next;
  }
  return stop;
}

/** The numbers among the properties of a block that was checked, by identifier. */
export function readNumbers(bytes: Buffer, at: number): ReadonlyMap<number, number> {
  const numbers = new Map<number, number>();
  walkProperties(bytes, at, (id, from, to) => {
    const form = formOf.get(id);
    if (form === undefined || form === "text" || form === "data" || form === "pair") return;
    numbers.set(id, valueAt(bytes, from + 1, to, form));
  });
  return numbers;
}

/** Where a block that was checked ends. */
export function propertiesEnd(bytes: Buffer, at: number): number {
  const first = lengthEnd(bytes, at);
  return first + lengthBefore(bytes, at, first);
}

/** True for a topic name: text without wildcards. */
export function isTopicName(bytes: Buffer, from: number, to: number): boolean {
  for (let place = from; place < to; place += 1) {
    const byte = bytes[place];
    if (byte === 0x23 || byte === 0x2b) return false;
  }
  return to > from;
}

function valueEnd(bytes: Buffer, at: number, end: number, form: Form): number {
  switch (form) {
    case "byte":
      return at + 1 <= end ? at + 1 : -1;
    case "two":
      return at + 2 <= end ? at + 2 : -1;
    case "four":
      return at + 4 <= end ? at + 4 : -1;
    case "varint": {
      const stop = lengthEnd(bytes, at);
      return stop > end ? -1 : stop;
    }
    case "text":
      return textEnd(bytes, at, end);
    case "data":
      return dataEnd(bytes, at, end);
    case "pair": {
      const name = textEnd(bytes, at, end);
      return name < 0 ? name : textEnd(bytes, name, end);
    }
  }
}

function valueAt(bytes: Buffer, at: number, end: number, form: Form): number {
  if (form === "varint") return lengthBefore(bytes, at, end);
  if (form === "byte") return bytes[at] ?? 0;
  return form === "two" ? numberAt(bytes, at) : bytes.readUInt32BE(at);
}
