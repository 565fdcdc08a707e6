/**
 * Reads messages of QoS 0 and 1 where they stand. The package's parser copies its input into a list
 * of buffers and makes a dozen objects for each; the frames are whole and checked here.
 */
import { dupFlag, publishType } from "./frame-check.ts";
import { lengthBefore, lengthEnd } from "./frame-length.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import { numberAt } from "./wire-fields.ts";

/**
 * Goes through whole packets in their order: `publish` gets each message of QoS 0 or 1, `rest` the
 * bytes of everything in between.
 */
export function readPublishes(
  bytes: Buffer,
  publish: (packet: InboundPacket) => void,
  rest: (bytes: Buffer) => void,
): void {
  let restAt = 0;
  let at = 0;
  while (at < bytes.length) {
    const bodyAt = lengthEnd(bytes, at + 1);
    if (bodyAt < 0) break;
    const end = bodyAt + lengthBefore(bytes, at + 1, bodyAt);
    const first = bytes[at] ?? 0;
    const qos = (first >> 1) & 3;
    if (first >> 4 === publishType && (qos === 0 || qos === 1)) {
      if (restAt < at) rest(bytes.subarray(restAt, at));
      restAt = end;
      publish(packetOf(bytes, bodyAt, end, first));
    }
    at = end;
  }
  if (restAt < bytes.length) rest(bytes.subarray(restAt));
}

/** MQTT 3.1.1 §3.3. */
function packetOf(bytes: Buffer, at: number, end: number, first: number): InboundPacket {
  const qos = (first & 2) === 0 ? 0 : 1;
  const topicEnd = at + 2 + numberAt(bytes, at);
  const topic = bytes.toString("utf8", at + 2, topicEnd);
  const payload = bytes.subarray(qos === 0 ? topicEnd : topicEnd + 2, end);
  return {
    topic,
    payload,
    qos,
    retain: (first & 1) !== 0,
    isAgain: (first & dupFlag) !== 0,
    messageId: qos === 0 ? undefined : numberAt(bytes, topicEnd),
  };
}
