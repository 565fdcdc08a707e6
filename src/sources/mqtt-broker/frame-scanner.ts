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
import { type Greet, PacketCheck } from "./packet-check.ts";
import { ReadyParts } from "./ready-parts.ts";

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
  readonly greet: Greet;
}

export class FrameScanner {
  readonly #options: ScannerOptions;
  /** Whose packets these are: nobody's yet, nobody's until the answer, or a client's. */
  #stage: "stranger" | "asking" | "inside" = "stranger";
  readonly #ready = new ReadyParts();
  readonly #check: PacketCheck;
  #half: HalfPacket | undefined;
  #large: LargePublishReader | undefined;
  /** What stood behind the CONNECT, as it came. */
  #behind: Buffer | undefined;
  #disconnectSeen = false;
  #problem: FrameProblem | undefined;
  #facts: RefusalFacts = {};

  constructor(options: ScannerOptions) {
    this.#options = options;
    this.#check = new PacketCheck(options.greet);
  }

  get stage(): "stranger" | "asking" | "inside" {
    return this.#stage;
  }

  get disconnectSeen(): boolean {
    return this.#disconnectSeen;
  }

  /** True when its CONNECT, good or bad, is one of version 5. */
  get greets5(): boolean {
    return this.#check.isVersion5;
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
    return this.#ready.bytes;
  }

  /** What waits for its end, or for the answer to a CONNECT, as memory. */
  get unfinishedBytes(): number {
    const half = this.#half ?? this.#large;
    return (half?.costBytes ?? 0) + (this.#behind?.length ?? 0);
  }

  /** True while anything that came was not given out, but for half packets. */
  get isWaiting(): boolean {
    return this.#ready.bytes > 0 || this.#behind !== undefined;
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
    return this.#ready.take(parts, this.#options.large);
  }

  /** Forgets what waits; nothing is to be accepted any more. */
  clear(): void {
    this.#ready.clear();
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
      if (isStranger && isLengthKnown) this.#check.meet(bytes, bodyAt);
      const maxBytes = isStranger ? maxConnectBytes : this.#options.maxPacketBytes;
      if (isLengthKnown && end - at > maxBytes) {
        if (this.#maySkip(type, end - at)) {
          this.#ready.add(bytes, from, at);
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
      const problem = this.#check.problemOf(first, bytes, bodyAt, end);
      if (problem !== undefined) {
        this.#facts = frameFacts(first, bytes, bodyAt, end, end - at);
        return problem;
      }
      packets += 1;
      if (type === pingType) {
        this.#ready.add(bytes, from, at);
        from = end;
        this.#options.ping();
      } else if (isStranger) {
        const greeting = this.#check.takeGreeting() ?? bytes.subarray(from, end);
        this.#ready.add(greeting, 0, greeting.length);
        from = end;
      } else if (packets >= partPackets || end - from >= partBytes) {
        this.#ready.add(bytes, from, end);
        from = end;
        packets = 0;
      }
      at = end;
      if (isStranger) this.#stage = "asking";
      this.#disconnectSeen = type === disconnectType;
    }
    this.#ready.add(bytes, from, at);
    return undefined;
  }

  /** A client of version 5 was told how large its packets may be. */
  #maySkip(type: number, bytes: number): boolean {
    return type === publishType && !this.#check.isVersion5 && bytes <= mostSkippedBytes;
  }

  /** All of a message that is too large has come. */
  #passLarge(reader: LargePublishReader): FrameProblem | undefined {
    this.#large = undefined;
    const { beginning, bytes, publish } = reader;
    const frame = publish?.frame ?? beginning;
    const [first = 0] = frame;
    const bodyAt = lengthEnd(frame, 1);
    const problem = publish
      ? this.#check.problemOf(first, frame, bodyAt, frame.length)
      : "too-large";
    if (problem !== undefined || publish === undefined) {
      this.#facts = frameFacts(first, frame, bodyAt, frame.length, bytes);
      return problem;
    }
    this.#ready.addLarge(publish);
    return undefined;
  }
}
