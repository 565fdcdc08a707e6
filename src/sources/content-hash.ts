import { crc32 } from "node:zlib";

/** The topic that was hashed last: clients say many things in a row under one. */
let lastTopic = "";
let lastTopicHash = 0;

/** CRC-32 of what a message says, unsigned: with its number it tells a resend from another message. */
export function contentHash(topic: string, payload: Uint8Array): number {
  if (topic !== lastTopic) {
    lastTopicHash = crc32(topic);
    lastTopic = topic;
  }
  return crc32(payload, lastTopicHash);
}
