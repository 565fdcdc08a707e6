import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";

const decoder = new TextDecoder();

/** False for what somebody wrote into a stream by hand. */
export function isEvent(body: Uint8Array): boolean {
  return !isMalformed(decodeEvent(decoder.decode(body)));
}
