/**
 * What MQTT 5 demands of one packet from a client. Topics and filters that the broker does not take
 * are left to their own answers, as far as the standard has one.
 */
import { disconnectType, type FrameProblem, pingType, publishType } from "../frame-check.ts";
import { numberAt, textEnd } from "../wire-fields.ts";
import { checkProperties, isTopicName, propertiesOf } from "./properties.ts";

export const pubackType = 4;
export const pubrecType = 5;
export const pubrelType = 6;
export const pubcompType = 7;
export const subscribeType = 8;
export const unsubscribeType = 10;

/** Looks at one whole packet behind the CONNECT; `first`, `at` and `end` as in `checkFrame`. */
export function checkFrame5(
  first: number,
  bytes: Buffer,
  at: number,
  end: number,
): FrameProblem | undefined {
  const type = first >> 4;
  const flags = first & 0x0f;
  switch (type) {
    case publishType:
      return checkPublish(flags, bytes, at, end);
    case pubackType:
    case pubrecType:
      return flags === 0 ? checkAnswer(bytes, at, end, reasonsOf.message) : "bad-flags";
    case pubcompType:
      return flags === 0 ? checkAnswer(bytes, at, end, reasonsOf.release) : "bad-flags";
    case pubrelType:
      return flags === 2 ? checkAnswer(bytes, at, end, reasonsOf.release) : "bad-flags";
    case subscribeType:
    case unsubscribeType:
      return flags === 2
        ? checkFilters(bytes, at, end, type === subscribeType ? "subscribe" : "unsubscribe")
        : "bad-flags";
    case pingType:
      if (flags !== 0) return "bad-flags";
      return at === end ? undefined : "bad-body";
    case disconnectType:
      return flags === 0 ? checkDisconnect(bytes, at, end) : "bad-flags";
    default:
      return "bad-type";
  }
}

/** What the standard lets a client say of a message (§3.4.2.1, §3.5.2.1), and of its release (§3.6.2.1, §3.7.2.1). */
const reasonsOf = {
  message: new Set([0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
  release: new Set([0x00, 0x92]),
} as const;

/** The number of an alias is looked at where its topic is. */
function checkPublish(
  flags: number,
  bytes: Buffer,
  at: number,
  end: number,
): FrameProblem | undefined {
  const qos = (flags >> 1) & 3;
  const again = (flags & 8) !== 0;
  if (qos === 3 || (qos === 0 && again)) return "bad-flags";
  const topicEnd = textEnd(bytes, at, end);
  if (topicEnd < 0) return "bad-text";
  if (topicEnd > at + 2 && !isTopicName(bytes, at + 2, topicEnd)) return "bad-topic";
  const propertiesAt = qos === 0 ? topicEnd : topicEnd + 2;
  if (propertiesAt >= end) return "bad-body";
  if (qos > 0 && numberAt(bytes, topicEnd) === 0) return "packet-id-zero";
  return problemOf(checkProperties(bytes, propertiesAt, end, propertiesOf.publish));
}

/** PUBACK, PUBREC, PUBREL and PUBCOMP: reason and properties may be left out (§3.4.2). */
function checkAnswer(
  bytes: Buffer,
  at: number,
  end: number,
  reasons: ReadonlySet<number>,
): FrameProblem | undefined {
  if (end - at < 2) return "bad-body";
  if (numberAt(bytes, at) === 0) return "packet-id-zero";
  if (end - at > 2 && !reasons.has(bytes[at + 2] ?? 0)) return "bad-reason";
  return end - at <= 3 ? undefined : wholeBlock(bytes, at + 3, end, propertiesOf.answer);
}

function checkDisconnect(bytes: Buffer, at: number, end: number): FrameProblem | undefined {
  return end - at <= 1 ? undefined : wholeBlock(bytes, at + 1, end, propertiesOf.disconnect);
}

function checkFilters(
  bytes: Buffer,
  at: number,
  end: number,
  kind: "subscribe" | "unsubscribe",
): FrameProblem | undefined {
  if (end - at < 3) return "bad-body";
  if (numberAt(bytes, at) === 0) return "packet-id-zero";
  const start = checkProperties(bytes, at + 2, end, propertiesOf[kind]);
  if (typeof start !== "number") return start;
  if (start === end) return "bad-body";
  for (let place = start; place < end; ) {
    place = textEnd(bytes, place, end);
    if (place < 0) return "bad-text";
    if (kind === "unsubscribe") continue;
    const options = bytes[place] ?? 0;
    if (place === end || (options & 3) === 3 || (options & 0x30) === 0x30 || options >= 0x40)
      return "bad-body";
    place += 1;
  }
  return undefined;
}

function wholeBlock(
  bytes: Buffer,
  at: number,
  end: number,
  allowed: ReadonlySet<number>,
): FrameProblem | undefined {
  const stop = checkProperties(bytes, at, end, allowed);
  if (typeof stop !== "number") return stop;
  return stop === end ? undefined : "bad-body";
}

function problemOf(checked: number | FrameProblem): FrameProblem | undefined {
  return typeof checked === "number" ? undefined : checked;
}
