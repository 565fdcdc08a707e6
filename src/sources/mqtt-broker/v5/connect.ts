/** A CONNECT of MQTT 5 (§3.1), and the CONNECT of MQTT 3.1.1 that the broker is given for it. */
import type { FrameProblem } from "../frame-check.ts";
import { dataEnd, numberAt, textEnd } from "../wire-fields.ts";
import {
  checkProperties,
  isTopicName,
  propertiesOf,
  property,
  readNumbers,
  walkProperties,
} from "./properties.ts";
import { type PublishProperties, readPublishProperties } from "./publish-properties.ts";

/** What a client asks for, beside what MQTT 3.1.1 has too. */
export interface ConnectRequest {
  /** In seconds; infinite for "as long as it can be kept". */
  readonly sessionSeconds: number;
  /** How many messages of QoS 1 and 2 the client wants to have under way to it. */
  readonly receiveMaximum: number;
  /** What is larger it does not want. */
  readonly maxPacketBytes: number;
  /** False: no reason is to be given in words but where a connection ends. */
  readonly wantsReasons: boolean;
  readonly will: PublishProperties | undefined;
}

export interface Connect5 {
  readonly request: ConnectRequest;
  /** The same CONNECT as MQTT 3.1.1 has it. */
  readonly packet: Buffer;
}

const header = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54]);
const version5 = 5;
const version311 = 4;

const flag = { reserved: 0x01, will: 0x04, willRetain: 0x20, password: 0x40, user: 0x80 } as const;

/** The interval that means "never". */
const never = 0xffff_ffff;

/** True for a CONNECT of version 5, from as much of it as is there. */
export function isConnect5(bytes: Buffer, at: number): boolean {
  const levelAt = at + header.length;
  return bytes[levelAt] === version5 && header.equals(bytes.subarray(at, levelAt));
}

/** Reads the CONNECT whose variable header begins at `at`. */
export function readConnect5(bytes: Buffer, at: number, end: number): Connect5 | FrameProblem {
  const flagsAt = at + header.length + 1;
  const propertiesAt = flagsAt + 3;
  if (propertiesAt >= end) return "bad-body";
  const flags = bytes[flagsAt] ?? 0;
  const willQos = (flags >> 3) & 3;
  const hasWill = (flags & flag.will) !== 0;
  if ((flags & flag.reserved) !== 0) return "bad-flags";
  if (willQos === 3) return "will-qos";
  if (!hasWill && (willQos !== 0 || (flags & flag.willRetain) !== 0)) return "bad-flags";

  const payloadAt = checkProperties(bytes, propertiesAt, end, propertiesOf.connect);
  if (typeof payloadAt !== "number") return payloadAt;
  const numbers = readNumbers(bytes, propertiesAt);
  if (asksForMethod(bytes, propertiesAt, payloadAt)) return "authentication-method";

  const idEnd = textEnd(bytes, payloadAt, end);
  if (idEnd < 0) return "bad-text";
  const fields = [bytes.subarray(payloadAt, idEnd)];
  let place = idEnd;
  let will: PublishProperties | undefined;
  if (hasWill) {
    const topicAt = checkProperties(bytes, place, end, propertiesOf.will);
    if (typeof topicAt !== "number") return topicAt;
    const topicEnd = textEnd(bytes, topicAt, end);
    if (topicEnd < 0) return "bad-text";
    if (!isTopicName(bytes, topicAt + 2, topicEnd)) return "bad-topic";
    const willEnd = dataEnd(bytes, topicEnd, end);
    if (willEnd < 0) return "bad-body";
    will = readPublishProperties(bytes, place);
    fields.push(bytes.subarray(topicAt, willEnd));
    place = willEnd;
  }
  let flags311 = flags;
  if ((flags & flag.user) !== 0) {
    const userAt = place;
    place = textEnd(bytes, userAt, end);
    if (place < 0) return "bad-text";
    fields.push(bytes.subarray(userAt, place));
  }
  if ((flags & flag.password) !== 0) {
    const passwordAt = place;
    place = dataEnd(bytes, passwordAt, end);
    if (place < 0) return "bad-body";
    // Only MQTT 5 has a password without a user.
    if ((flags & flag.user) === 0) flags311 &= ~flag.password;
    else fields.push(bytes.subarray(passwordAt, place));
  }
  if (place !== end) return "bad-body";
  const seconds = numbers.get(property.sessionExpiry) ?? 0;
  return {
    request: {
      sessionSeconds: toSessionSeconds(seconds),
      receiveMaximum: numbers.get(property.receiveMaximum) ?? 0xffff,
      maxPacketBytes: numbers.get(property.maximumPacketSize) ?? Number.POSITIVE_INFINITY,
      wantsReasons: numbers.get(property.requestProblemInformation) !== 0,
      will: will && { ...will, forwarded: Buffer.from(will.forwarded) },
    },
    packet: connect311(flags311, numberAt(bytes, flagsAt + 1), fields),
  };
}

/** How long a session is kept, from the interval in a packet. */
export function toSessionSeconds(interval: number): number {
  return interval === never ? Number.POSITIVE_INFINITY : interval;
}

/** A text among the properties: the walk of numbers passes over it. */
function asksForMethod(bytes: Buffer, at: number, end: number): boolean {
  let asks = false;
  walkProperties(bytes.subarray(0, end), at, (id) => {
    if (id === property.authenticationMethod || id === property.authenticationData) asks = true;
  });
  return asks;
}

function connect311(flags: number, keepAlive: number, fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat([
    header,
    Buffer.of(version311, flags, keepAlive >> 8, keepAlive & 0xff),
    ...fields,
  ]);
  // A CONNECT has 4 KiB at most, so two bytes of length are enough.
  const length =
    body.length < 0x80 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.of(0x10, ...length), body]);
}
