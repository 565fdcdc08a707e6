/**
 * A PUBLISH that is larger than allowed. Its beginning is kept, so that what it was can be told; the
 * rest is read and thrown away, so that what comes behind it on the connection is not lost.
 */
import { lengthBytes, lengthEnd, writeLength } from "./frame-length.ts";
import { HalfPacket } from "./half-packet.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import { numberAt } from "./wire-fields.ts";

/** A larger one closes the connection: it is no message by mistake, but somebody who fills the line. */
export const mostSkippedBytes = 64 * 2 ** 20;
/** What is kept of one, at most; the longest topic has room in it. */
const mostKeptBytes = 72 * 2 ** 10;

/** How much was left out of which message; the number of a QoS 0 message is 0. */
export interface LargePublish {
  readonly qos: number;
  readonly packetId: number;
  /** Of the whole packet. */
  readonly bytes: number;
  /** A valid PUBLISH with the beginning of the payload. */
  readonly frame: Buffer;
}

export class LargePublishReader {
  readonly bytes: number;
  readonly #beginning: HalfPacket;
  #missing: number;

  /** `start`: what is there of a packet of so many bytes, which are more than `maxBytes`. */
  constructor(start: Buffer, bytes: number, maxBytes: number) {
    const keptBytes = Math.min(maxBytes, mostKeptBytes);
    this.bytes = bytes;
    this.#beginning = new HalfPacket(start.subarray(0, keptBytes), keptBytes);
    this.#missing = bytes - start.length;
  }

  /** What it costs in memory. */
  get costBytes(): number {
    return this.#beginning.costBytes;
  }

  /** Takes what is missing, or all there is of it; gives how many bytes were taken. */
  fill(piece: Buffer): number {
    const taken = Math.min(piece.length, this.#missing);
    if (this.#beginning.whole === undefined) this.#beginning.fill(piece.subarray(0, taken));
    this.#missing -= taken;
    return taken;
  }

  get isWhole(): boolean {
    return this.#missing === 0;
  }

  /** What is kept of the packet, once it has come. */
  get beginning(): Buffer {
    return this.#beginning.whole ?? Buffer.alloc(0);
  }

  /** The message without what was too much; undefined where not even its topic has room. */
  get publish(): LargePublish | undefined {
    const bytes = this.beginning;
    const first = bytes[0] ?? 0;
    const qos = (first >> 1) & 3;
    const bodyAt = lengthEnd(bytes, 1);
    const topicEnd = bodyAt + 2 + numberAt(bytes, bodyAt);
    if (topicEnd + 2 > bytes.length) return undefined;
    const body = bytes.subarray(bodyAt);
    const frame = Buffer.alloc(1 + lengthBytes(body.length) + body.length, first);
    body.copy(frame, writeLength(frame, body.length));
    return { qos, packetId: qos === 0 ? 0 : numberAt(bytes, topicEnd), bytes: this.bytes, frame };
  }
}

/** Those of one connection on their way from the guard to who handles them. */
export class LargePublishes {
  readonly #waiting: LargePublish[] = [];

  add(publish: LargePublish): void {
    this.#waiting.push(publish);
  }

  /** The message of which a packet is only the beginning; asked once for each packet. */
  take({ messageId = 0, qos }: InboundPacket): LargePublish | undefined {
    if (this.#waiting.length === 0) return undefined;
    const at = this.#waiting.findIndex((one) => one.packetId === messageId && one.qos === qos);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }
}
