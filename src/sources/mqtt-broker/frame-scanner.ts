/**
 * Makes whole, checked packets of the bytes of one connection, and parts of them that are small
 * enough for a turn.
 *
 * Invariants
 * - The length that a packet announces is judged before its bytes are kept. Of a PUBLISH that is
 *   larger than allowed the beginning is kept, and given out in a part of its own.
 * - Behind a CONNECT nothing is looked at before `open` (MQTT 3.1.1 §3.1.4); behind a DISCONNECT
 *   nothing at all.
 * - Packets stay in order; only PINGREQ is taken out.
 */
import type { RefusalFacts } from "../../core/refusal.ts";
import {
  checkFrame,
  connectType,
  disconnectType,
  type FrameProblem,
  pingType,
  publishType,
} from "./frame-check.ts";
import { frameFacts } from "./frame-facts.ts";
import { incomplete, lengthBefore, lengthEnd, malformed } from "./frame-length.ts";
import { HalfPacket } from "./half-packet.ts";
import { type LargePublish, LargePublishReader, mostSkippedBytes } from "./large-publish.ts";

/** CONNECT comes from anybody, so it gets less room than the packets after it. */
const maxConnectBytes = 4_096;
/** With this byte TLS begins, and no packet of MQTT. */
const tlsHandshake = 0x16;
/** What makes a part, whichever is reached first. */
const partPackets = 64;
const partBytes = 16_384;

export interface ScannerOptions {
  readonly maxPacketBytes: number;
  /** A PINGREQ came. */
  ping(): void;
  /** What is given out next is the beginning of a message that is too large. */
  large(publish: LargePublish): void;
}

export class FrameScanner {
  readonly #options: ScannerOptions;
  /** Whose packets these are: nobody's yet, nobody's until the answer, or a client's. */
  #stage: "stranger" | "asking" | "inside" = "stranger";
  #ready: (Buffer | LargePublish)[] = [];
  #readyBytes = 0;
  #half: HalfPacket | undefined;
  #large: LargePublishReader | undefined;
  /** What stood behind the CONNECT, as it came. */
  #behind: Buffer | undefined;
  #disconnectSeen = false;
  #problem: FrameProblem | undefined;
  #facts: RefusalFacts = {};

  constructor(options: ScannerOptions) {
    this.#options = options;
  }

  get stage(): "stranger" | "asking" | "inside" {
    return this.#stage;
  }

  get disconnectSeen(): boolean {
    return this.#disconnectSeen;
  }

  /** What is wrong with the bytes; once something is, nothing of them is given any more. */
  get problem(): FrameProblem | undefined {
    return this.#problem;
  }

  /** What is known of the packet that has the problem. */
  get facts(): RefusalFacts {
    return this.#facts;
  }

  /** What waits in checked packets. */
  get readyBytes(): number {
    return this.#readyBytes;
  }

  /** What waits for its end, or for the answer to a CONNECT, as memory. */
  get unfinishedBytes(): number {
    const half = this.#half ?? this.#large;
    return (half?.costBytes ?? 0) + (this.#behind?.length ?? 0);
  }

  /** True while anything that came was not given out, but for half packets. */
  get isWaiting(): boolean {
    return this.#readyBytes > 0 || this.#behind !== undefined;
  }

  /** The client was let in: what it sent behind its CONNECT counts. */
  open(): void {
    if (this.#stage !== "asking") return;
    this.#stage = "inside";
    const behind = this.#behind;
    this.#behind = undefined;
    if (behind !== undefined) this.accept(behind);
  }

  /** Takes bytes as they came. */
  accept(chunk: Buffer): void {
    let bytes = chunk;
    while (bytes.length > 0 && this.#problem === undefined && !this.#disconnectSeen) {
      if (this.#large !== undefined) {
        bytes = bytes.subarray(this.#large.fill(bytes));
        if (this.#large.isWhole) this.#judge(this.#passLarge(this.#large));
        continue;
      }
      if (this.#half === undefined) {
        this.#judge(this.#scan(bytes));
        return;
      }
      bytes = bytes.subarray(this.#half.fill(bytes));
      const { whole } = this.#half;
      if (whole === undefined) return;
      this.#half = undefined;
      this.#judge(this.#scan(whole));
    }
  }

  /** Gives the next packets, so many parts of them at most; undefined when none are ready. */
  give(parts: number): Buffer | undefined {
    const [first] = this.#ready;
    if (first === undefined) return undefined;
    if (!Buffer.isBuffer(first)) {
      this.#ready.shift();
      this.#readyBytes -= first.frame.length;
      this.#options.large(first);
      return first.frame;
    }
    const given: Buffer[] = [];
    for (const part of this.#ready) {
      if (given.length === parts || !Buffer.isBuffer(part)) break;
      given.push(part);
    }
    this.#ready.splice(0, given.length);
    const bytes = given.length === 1 ? first : Buffer.concat(given);
    this.#readyBytes -= bytes.length;
    return bytes;
  }

  /** Forgets what waits; nothing is to be accepted any more. */
  clear(): void {
    this.#ready = [];
    this.#readyBytes = 0;
    this.#half = undefined;
    this.#large = undefined;
    this.#behind = undefined;
  }

  #judge(problem: FrameProblem | undefined): void {
    if (problem === undefined) return;
    this.#problem = problem;
    this.clear();
  }

  #scan(bytes: Buffer): FrameProblem | undefined {
    let from = 0;
    let at = 0;
    let packets = 0;
    while (at < bytes.length && !this.#disconnectSeen) {
      if (this.#stage === "asking") {
        this.#behind = bytes.subarray(at);
        return undefined;
      }
      const isStranger = this.#stage === "stranger";
      const first = bytes[at] ?? 0;
      if (isStranger && first === tlsHandshake) {
        this.#facts = { limit: "this port speaks plain MQTT, and the client TLS" };
        return "tls-on-plain";
      }
      const type = first >> 4;
      if ((type === connectType) !== isStranger) {
        this.#facts = frameFacts(first, bytes, 0, 0, undefined);
        return isStranger ? "connect-expected" : "second-connect";
      }
      const bodyAt = lengthEnd(bytes, at + 1);
      if (bodyAt === malformed) {
        this.#facts = frameFacts(first, bytes, 0, 0, undefined);
        return "bad-length";
      }
      const isLengthKnown = bodyAt !== incomplete;
      const end = isLengthKnown ? bodyAt + lengthBefore(bytes, at + 1, bodyAt) : bytes.length + 1;
      const maxBytes = isStranger ? maxConnectBytes : this.#options.maxPacketBytes;
      if (isLengthKnown && end - at > maxBytes) {
        if (!isStranger && type === publishType && end - at <= mostSkippedBytes) {
          this.#pass(bytes, from, at);
          this.#large = new LargePublishReader(bytes.subarray(at, end), end - at, maxBytes);
          if (!this.#large.isWhole) return undefined;
          const problem = this.#passLarge(this.#large);
          if (problem !== undefined) return problem;
          from = end;
          at = end;
          packets = 0;
          continue;
        }
        const limit = isStranger ? "bytes of a CONNECT" : "max_packet";
        const facts = frameFacts(first, bytes, bodyAt, end, end - at);
        this.#facts = { ...facts, limit, atMost: maxBytes };
        return "too-large";
      }
      if (end > bytes.length) {
        this.#half = new HalfPacket(bytes.subarray(at), end - at);
        break;
      }
      const problem = checkFrame(first, bytes, bodyAt, end);
      if (problem !== undefined) {
        this.#facts = frameFacts(first, bytes, bodyAt, end, end - at);
        return problem;
      }
      packets += 1;
      if (type === pingType) {
        this.#pass(bytes, from, at);
        from = end;
        this.#options.ping();
      } else if (isStranger || packets >= partPackets || end - from >= partBytes) {
        this.#pass(bytes, from, end);
        from = end;
        packets = 0;
      }
      at = end;
      if (isStranger) this.#stage = "asking";
      this.#disconnectSeen = type === disconnectType;
    }
    this.#pass(bytes, from, at);
    return undefined;
  }

  /** All of a message that is too large has come. */
  #passLarge(reader: LargePublishReader): FrameProblem | undefined {
    this.#large = undefined;
    const { beginning, bytes, publish } = reader;
    const frame = publish?.frame ?? beginning;
    const [first = 0] = frame;
    const bodyAt = lengthEnd(frame, 1);
    const problem = publish ? checkFrame(first, frame, bodyAt, frame.length) : "too-large";
    if (problem !== undefined || publish === undefined) {
      this.#facts = frameFacts(first, frame, bodyAt, frame.length, bytes);
      return problem;
    }
    this.#ready.push(publish);
    this.#readyBytes += frame.length;
    return undefined;
  }

  #pass(bytes: Buffer, from: number, to: number): void {
    if (from === to) return;
    this.#ready.push(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
    this.#readyBytes += to - from;
  }
}
