/** What can be told of a packet that is refused, also when not all of it has come. */
import type { RefusalFacts } from "../../core/refusal.ts";

/** Names of the packet types in order, MQTT 3.1.1 §2.2.1. */
const names =
  "reserved CONNECT CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK PINGREQ PINGRESP DISCONNECT reserved".split(
    " ",
  );
const publishType = 3;

/** Name, size as announced, and the topic of a PUBLISH; `at` and `end` as in `checkFrame`. */
export function frameFacts(
  first: number,
  bytes: Buffer,
  at: number,
  end: number,
  sizeBytes: number | undefined,
): RefusalFacts {
  const type = first >> 4;
  const topicAt = at + 2;
  const hasTopic = type === publishType && topicAt <= Math.min(bytes.length, end);
  const topicEnd = hasTopic ? Math.min(topicAt + bytes.readUInt16BE(at), bytes.length, end) : at;
  return {
    packet: names[type],
    bytes: sizeBytes,
    ...(hasTopic && { topic: bytes.toString("utf8", topicAt, topicEnd) }),
  };
}
