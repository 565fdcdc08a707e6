/**
 * The headers of a publish, written as bytes.
 *
 * The client's header object checks and copies each name and value of each message, which costs as
 * much as publishing it. One object is used for all messages instead, whose `encode`, which the
 * client calls while it publishes, writes the header block of the present one.
 */
import { headers, type MsgHdrs } from "@nats-io/transport-node";
import type { EventId } from "../core/ids.ts";
import { eventIdHeader } from "../stream/stream-contract.ts";

export interface FenceHeaders {
  readonly headers: MsgHdrs;
  /**
   * Sets what the next publish carries: the event's id, and the sequence that must be the stream's
   * last. Gives the size of the header block in bytes.
   */
  prepare(id: EventId, expectedLastSequence: number): number;
}

/** `fenced: false` leaves the expected sequence out. */
export function createFenceHeaders(stream: string, fenced: boolean): FenceHeaders {
  const beforeId = `NATS/1.0\r\n${eventIdHeader}: `;
  const afterId = `\r\nNats-Expected-Stream: ${stream}\r\n`;
  let block = Buffer.alloc(0);
  return {
    headers: Object.assign(headers(), { encode: () => block }),
    prepare(id, expectedLastSequence) {
      const fence = fenced ? `Nats-Expected-Last-Sequence: ${expectedLastSequence}\r\n` : "";
      block = Buffer.from(`${beforeId}${id}${afterId}${fence}\r\n`);
      return block.length;
    },
  };
}
