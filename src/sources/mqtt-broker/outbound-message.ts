/** What goes out to subscribers, and the bytes of it: MQTT 3.1.1 §3.3, §3.6, §3.9 and §3.11. */
import { lengthBytes, writeLength } from "./frame-length.ts";
import { publishFrame } from "./v5/publish-frame.ts";

export type Qos = 0 | 1 | 2;

/** What a message costs in memory above its topic and payload. */
const overheadBytes = 256;
/** The return code of a filter that is not granted, MQTT 3.1.1 §3.9.3. */
export const refusedFilter = 0x80;

/** How a message is sent this time. */
export interface Sending {
  readonly qos: Qos;
  /** True for a retained message that a new subscription brings, or where it was asked for. */
  readonly retain: boolean;
  /** True when it was sent before. */
  readonly dup: boolean;
  /** Without meaning at QoS 0. */
  readonly packetId: number;
}

/** How it is sent to a client of version 5. */
export interface Sending5 extends Sending {
  readonly identifiers: readonly number[];
  /** Monotonic time. */
  readonly nowMs: number;
}

/** What not every message has. */
export interface MessageExtras {
  /** It was published to be retained. */
  readonly retain?: boolean | undefined;
  /** Of MQTT 5, as they go on to subscribers of that version. */
  readonly properties?: Uint8Array | undefined;
  /** Monotonic time from which on it is not sent any more. */
  readonly expiresAtMs?: number | undefined;
}

const noBytes = new Uint8Array();
const noIdentifiers: readonly number[] = [];
const plainly = { qos: 0, retain: false, dup: false, packetId: 0 } as const;

/** A message on its way to subscribers; all of them share it. */
export class OutboundMessage {
  readonly topic: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly #expiresAtMs: number | undefined;
  #payload: Uint8Array;
  #properties: Uint8Array;
  #kept = false;
  #live: Buffer | undefined;
  #live5: Buffer | undefined;

  /** Payload and properties may be parts of a larger buffer, until `keep`. */
  constructor(topic: string, payload: Uint8Array, qos: Qos, extras: MessageExtras = {}) {
    this.topic = topic;
    this.qos = qos;
    this.retain = extras.retain === true;
    this.#payload = payload;
    this.#properties = extras.properties ?? noBytes;
    this.#expiresAtMs = extras.expiresAtMs;
  }

  get payloadBytes(): number {
    return this.#payload.length;
  }

  /** What it counts where it is kept. */
  get costBytes(): number {
    return this.topic.length + this.#payload.length + this.#properties.length + overheadBytes;
  }

  /** True when it is of use to nobody any more; `nowMs` is monotonic time. */
  isExpired(nowMs: number): boolean {
    return this.#expiresAtMs !== undefined && nowMs >= this.#expiresAtMs;
  }

  /** To be called before it outlives the turn: what it is a part of may be many times its size. */
  keep(): void {
    if (this.#kept) return;
    this.#kept = true;
    this.#payload = Buffer.from(this.#payload);
    if (this.#properties.length > 0) this.#properties = Buffer.from(this.#properties);
  }

  /** The PUBLISH of a live message at QoS 0, which is the same for everybody. */
  live(): Buffer {
    this.#live ??= this.frame(plainly);
    return this.#live;
  }

  /** The same in version 5, where the subscription asked for nothing else. */
  live5(nowMs: number): Buffer {
    this.#live5 ??= this.frame5({ ...plainly, identifiers: noIdentifiers, nowMs });
    return this.#live5;
  }

  frame({ qos, retain, dup, packetId }: Sending): Buffer {
    const topicBytes = Buffer.byteLength(this.topic);
    const remaining = 2 + topicBytes + (qos > 0 ? 2 : 0) + this.#payload.length;
    const bytes = Buffer.allocUnsafe(1 + lengthBytes(remaining) + remaining);
    bytes[0] = 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
    let at = writeLength(bytes, remaining);
    at = bytes.writeUInt16BE(topicBytes, at);
    at += bytes.write(this.topic, at);
    if (qos > 0) at = bytes.writeUInt16BE(packetId, at);
    bytes.set(this.#payload, at);
    return bytes;
  }

  frame5({ nowMs, ...sending }: Sending5): Buffer {
    const leftMs = this.#expiresAtMs === undefined ? undefined : this.#expiresAtMs - nowMs;
    return publishFrame({
      ...sending,
      topic: this.topic,
      payload: this.#payload,
      properties: this.#properties,
      expirySeconds: leftMs === undefined ? undefined : Math.max(0, Math.ceil(leftMs / 1_000)),
    });
  }
}

export function pubrel(packetId: number): Buffer {
  return Buffer.of(0x62, 2, packetId >> 8, packetId & 0xff);
}

export function unsuback(packetId: number): Buffer {
  return Buffer.of(0xb0, 2, packetId >> 8, packetId & 0xff);
}

/** `codes` are granted QoS or `refusedFilter`, one for each filter in their order (§3.9.3). */
export function suback(packetId: number, codes: readonly number[]): Buffer {
  const remaining = 2 + codes.length;
  const bytes = Buffer.allocUnsafe(1 + lengthBytes(remaining) + remaining);
  bytes[0] = 0x90;
  const at = bytes.writeUInt16BE(packetId, writeLength(bytes, remaining));
  bytes.set(codes, at);
  return bytes;
}
