/** What a client of version 5 sends behind its CONNECT, read from packets that were checked. */
import { numberAt } from "../wire-fields.ts";
import { propertiesEnd, property, readNumbers } from "./properties.ts";
import { type PublishProperties, readPublishProperties } from "./publish-properties.ts";

/** A PUBLISH as it stands in its packet. */
export interface Publish5 {
  /** Empty where an alias stands for it. */
  readonly topic: string;
  readonly payload: Buffer;
  /** 0 at QoS 0. */
  readonly packetId: number;
  readonly properties: PublishProperties | undefined;
}

export function readPublish5(bytes: Buffer, at: number, end: number, qos: number): Publish5 {
  const topicEnd = at + 2 + numberAt(bytes, at);
  const propertiesAt = qos === 0 ? topicEnd : topicEnd + 2;
  return {
    topic: bytes.toString("utf8", at + 2, topicEnd),
    payload: bytes.subarray(propertiesEnd(bytes, propertiesAt), end),
    packetId: qos === 0 ? 0 : numberAt(bytes, topicEnd),
    properties: readPublishProperties(bytes, propertiesAt),
  };
}

/** The reason in a PUBACK, PUBREC, PUBREL or PUBCOMP. */
export function reasonOfAnswer(bytes: Buffer, at: number, end: number): number {
  return end - at > 2 ? (bytes[at + 2] ?? 0) : 0;
}

/** One filter of a SUBSCRIBE, with its options (§3.8.3.1). */
export interface Subscription5 {
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  /** What the client itself publishes is not for it. */
  readonly noLocal: boolean;
  /** RETAIN comes as it was published. */
  readonly retainAsPublished: boolean;
  /** When retained messages are sent. */
  readonly retainHandling: "always" | "new" | "never";
}

export interface Subscribe5 {
  readonly subscriptions: readonly Subscription5[];
  /** What the client calls these subscriptions. */
  readonly identifier: number | undefined;
}

const handlings = ["always", "new", "never"] as const;

export function readSubscribe5(bytes: Buffer, at: number, end: number): Subscribe5 {
  const subscriptions: Subscription5[] = [];
  let place = propertiesEnd(bytes, at + 2);
  while (place < end) {
    const filterEnd = place + 2 + numberAt(bytes, place);
    const options = bytes[filterEnd] ?? 0;
    subscriptions.push({
      topic: bytes.toString("utf8", place + 2, filterEnd),
      qos: (options & 2) !== 0 ? 2 : (options & 1) !== 0 ? 1 : 0,
      noLocal: (options & 4) !== 0,
      retainAsPublished: (options & 8) !== 0,
      retainHandling: handlings[(options >> 4) & 3] ?? "always",
    });
    place = filterEnd + 1;
  }
  const identifier = readNumbers(bytes, at + 2).get(property.subscriptionIdentifier);
  return { subscriptions, identifier };
}

export function readUnsubscribe5(bytes: Buffer, at: number, end: number): readonly string[] {
  const filters: string[] = [];
  let place = propertiesEnd(bytes, at + 2);
  while (place < end) {
    const filterEnd = place + 2 + numberAt(bytes, place);
    filters.push(bytes.toString("utf8", place + 2, filterEnd));
    place = filterEnd;
  }
  return filters;
}

export interface Disconnect5 {
  readonly code: number;
  /** How long the session is to be kept now, as the packet has it; undefined: as before. */
  readonly sessionExpiry: number | undefined;
}

export function readDisconnect5(bytes: Buffer, at: number, end: number): Disconnect5 {
  const numbers = end - at > 1 ? readNumbers(bytes, at + 1) : undefined;
  return {
    code: end > at ? (bytes[at] ?? 0) : 0,
    sessionExpiry: numbers?.get(property.sessionExpiry),
  };
}
