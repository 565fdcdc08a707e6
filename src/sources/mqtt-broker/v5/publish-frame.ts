/** A PUBLISH of version 5 to a subscriber, MQTT 5 §3.3. */
import { lengthBytes, writeLength } from "../frame-length.ts";
import { property } from "./properties.ts";

export interface PublishFrame {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: number;
  readonly retain: boolean;
  readonly dup: boolean;
  /** Without meaning at QoS 0. */
  readonly packetId: number;
  /** What the publisher said of the message, as it stood in its packet. */
  readonly properties: Uint8Array;
  /** For how long the message is of use still; undefined for ever. */
  readonly expirySeconds: number | undefined;
  /** Identifiers of the subscriptions that it is sent for. */
  readonly identifiers: readonly number[];
}

export function publishFrame(frame: PublishFrame): Buffer {
  const { dup, expirySeconds, identifiers, packetId, payload, properties, qos, retain } = frame;
  const topicBytes = Buffer.byteLength(frame.topic);
  let blockBytes = properties.length + (expirySeconds === undefined ? 0 : 5);
  for (const identifier of identifiers) blockBytes += 1 + lengthBytes(identifier);
  const headBytes = 2 + topicBytes + (qos > 0 ? 2 : 0);
  const remaining = headBytes + lengthBytes(blockBytes) + blockBytes + payload.length;
  const bytes = Buffer.allocUnsafe(1 + lengthBytes(remaining) + remaining);
  bytes[0] = 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
  let at = writeLength(bytes, remaining);
  at = bytes.writeUInt16BE(topicBytes, at);
  at += bytes.write(frame.topic, at);
  if (qos > 0) at = bytes.writeUInt16BE(packetId, at);
  at = writeLength(bytes, blockBytes, at);
  if (expirySeconds !== undefined) {
    bytes[at] = property.messageExpiry;
    at = bytes.writeUInt32BE(expirySeconds, at + 1);
  }
  for (const identifier of identifiers) {
    bytes[at] = property.subscriptionIdentifier;
    at = writeLength(bytes, identifier, at + 1);
  }
  bytes.set(properties, at);
  bytes.set(payload, at + properties.length);
  return bytes;
}
