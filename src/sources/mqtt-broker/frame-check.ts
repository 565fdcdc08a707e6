/**
 * What MQTT 3.1.1 demands of one packet from a client, as far as the broker's own parser does not:
 * text is UTF-8 without U+0000, packet identifiers are not 0, flags are the reserved ones, payloads
 * are not empty where something must be in them. What is wrong is a word, since it labels a metric.
 */
import { isTopicFilter } from "../../core/topic-filter.ts";
import { dataEnd, numberAt, textEnd } from "./wire-fields.ts";

/**
 * Why a connection is closed: its bytes are not MQTT, or more of it than is allowed.
 * `unfinished`: of all clients together too much waits for its end, and this one began first.
 */
export type FrameProblem =
  | "connect-expected"
  | "tls-on-plain"
  | "second-connect"
  | "too-large"
  | "unfinished"
  | "protocol-version"
  | "bad-length"
  | "bad-type"
  | "bad-flags"
  | "bad-text"
  | "bad-topic"
  | "deep-topic"
  | "bad-body"
  | "packet-id-zero"
  | "will-qos"
  | "password-without-user"
  | ProblemOf5;

/** What only MQTT 5 has: its properties, and what is to be said in them. */
type ProblemOf5 =
  | "bad-property"
  | "wrong-property"
  | "property-twice"
  | "authentication-method"
  | "bad-alias"
  | "receive-maximum"
  | "session-expiry"
  | "bad-reason"
  | "takes-too-little";

/** Packet types, MQTT 3.1.1 §2.2.1, as far as they are looked at by name. */
export const connectType = 1;
export const publishType = 3;
export const pingType = 12;
export const disconnectType = 14;
/** DUP in the first byte of a PUBLISH (MQTT 3.1.1 §3.3.1.1). */
export const dupFlag = 8;

/** Of a topic: every one costs a step for each message. */
export const mostLevels = 100;
const subscribeType = 8;

/** Flags that packets other than PUBLISH must have; undefined: no client sends this type. */
const requiredFlags: readonly (number | undefined)[] = [
  undefined,
  0,
  undefined,
  undefined,
  0,
  0,
  2,
  0,
  2,
  undefined,
  2,
  undefined,
  0,
  undefined,
  0,
  undefined,
];

/**
 * Looks at one whole packet: `first` is its first byte, its variable header and payload are the
 * bytes from `at` up to `end`. Undefined when nothing is wrong with it.
 */
export function checkFrame(
  first: number,
  bytes: Buffer,
  at: number,
  end: number,
): FrameProblem | undefined {
  const type = first >> 4;
  if (type === publishType) return checkPublish(first, bytes, at, end);
  const flags = requiredFlags[type];
  if (flags === undefined) return "bad-type";
  if ((first & 0x0f) !== flags) return "bad-flags";
  switch (type) {
    case connectType:
      return checkConnect(bytes, at, end);
    case pingType:
    case disconnectType:
      return at === end ? undefined : "bad-body";
    default:
      if (end - at < 2) return "bad-body";
      if (numberAt(bytes, at) === 0) return "packet-id-zero";
      if (flags === 2 && type >= subscribeType) {
        return checkFilters(bytes, at + 2, end, type === subscribeType);
      }
      return end - at === 2 ? undefined : "bad-body";
  }
}

function checkPublish(
  first: number,
  bytes: Buffer,
  at: number,
  end: number,
): FrameProblem | undefined {
  const qos = (first >> 1) & 3;
  const again = (first & 8) !== 0;
  if (qos === 3 || (qos === 0 && again)) return "bad-flags";
  const topicEnd = textEnd(bytes, at, end);
  if (topicEnd < 0) return "bad-text";
  if (topicEnd === at + 2) return "bad-topic";
  let levels = 1;
  for (let place = at + 2; place < topicEnd; place += 1) {
    const byte = bytes[place];
    if (byte === 0x23 || byte === 0x2b) return "bad-topic";
    if (byte === 0x2f) levels += 1;
  }
  if (levels > mostLevels) return "deep-topic";
  if (qos === 0) return undefined;
  if (topicEnd + 2 > end) return "bad-body";
  return numberAt(bytes, topicEnd) === 0 ? "packet-id-zero" : undefined;
}

function checkFilters(
  bytes: Buffer,
  start: number,
  end: number,
  withQos: boolean,
): FrameProblem | undefined {
  if (start === end) return "bad-body";
  let at = start;
  while (at < end) {
    const filterEnd = textEnd(bytes, at, end);
    if (filterEnd < 0) return "bad-text";
    if (!isTopicFilter(bytes.toString("utf8", at + 2, filterEnd))) return "bad-topic";
    at = filterEnd;
    if (!withQos) continue;
    const qos = bytes[at];
    if (qos === undefined || at === end || qos > 2) return "bad-body";
    at += 1;
  }
  return undefined;
}

/** The name of the protocol in a CONNECT; the older one is of MQTT 3.1. */
function isMqtt(bytes: Buffer, start: number, end: number): boolean {
  const name = bytes.toString("latin1", start + 2, end);
  return name === "MQTT" || name === "MQIsdp";
}

const userFlag = 0x80;
const passwordFlag = 0x40;
const willRetainFlag = 0x20;
const willFlag = 0x04;
const reservedFlag = 0x01;
/** Bytes of level, flags and keep alive, between the protocol's name and the payload. */
const fixedBytes = 4;

function checkConnect(bytes: Buffer, start: number, end: number): FrameProblem | undefined {
  let at = textEnd(bytes, start, end);
  if (at < 0 || at + fixedBytes > end) return "bad-body";
  const level = (bytes[at] ?? 0) & 0x7f;
  const flags = bytes[at + 1] ?? 0;
  // What follows would have another form; the broker refuses other names.
  if (level !== 3 && level !== 4) return isMqtt(bytes, start, at) ? "protocol-version" : undefined;
  if ((flags & reservedFlag) !== 0) return "bad-flags";
  const willQos = (flags >> 3) & 3;
  const hasWill = (flags & willFlag) !== 0;
  if (willQos === 3) return "will-qos";
  if (!hasWill && (willQos !== 0 || (flags & willRetainFlag) !== 0)) return "bad-flags";
  if ((flags & passwordFlag) !== 0 && (flags & userFlag) === 0) return "password-without-user";

  at = textEnd(bytes, at + fixedBytes, end);
  if (hasWill && at >= 0) {
    const topicEnd = textEnd(bytes, at, end);
    if (topicEnd >= 0 && /^$|[+#]/.test(bytes.toString("utf8", at + 2, topicEnd)))
      return "bad-topic";
    at = topicEnd < 0 ? topicEnd : dataEnd(bytes, topicEnd, end);
  }
  if ((flags & userFlag) !== 0 && at >= 0) at = textEnd(bytes, at, end);
  if ((flags & passwordFlag) !== 0 && at >= 0) at = dataEnd(bytes, at, end);
  if (at < 0) return "bad-text";
  return at === end ? undefined : "bad-body";
}
