/**
 * Stands between a socket and the broker: wraps `socket.read`, which is how the broker gets bytes,
 * and gives it whole, checked packets only.
 *
 * Clients are held back here, by answering that there is nothing to read. The broker's own way to
 * pause a client is not used: released after the client's messages ended, that client stays dead.
 * While the broker does not read, the guard reads ahead a little and answers PINGREQ itself, so that
 * a disk that stalls does not look like a broker that died.
 *
 * Invariants
 * - The length that a packet announces is judged before its bytes are kept.
 * - Packets reach the broker in the order in which they came; only PINGREQ is taken out.
 * - The end of the stream is not seen before the last packet was read.
 */
import type { Socket } from "node:net";
import {
  checkFrame,
  connectType,
  disconnectType,
  type FrameProblem,
  pingType,
} from "./frame-check.ts";

/** CONNECT comes from anybody, so it gets less room than the packets after it. */
const maxConnectBytes = 4_096;
/** How much is read for a client whose packets the broker does not take at the moment. */
const readAheadBytes = 65_536;
const pingResponse = Buffer.of(0xd0, 0);

export interface GuardOptions {
  readonly maxPacketBytes: number;
  /** False while the client is held back. */
  mayRead(): boolean;
  /** Called at most once; the socket must be destroyed then. */
  refuse(problem: FrameProblem): void;
}

export class FrameGuard {
  readonly #socket: Socket;
  readonly #take: (size?: number) => unknown;
  readonly #options: GuardOptions;
  /** Checked packets that the broker did not take yet. */
  #ready: Buffer[] = [];
  #readyBytes = 0;
  /** The beginning of a packet, and how many bytes are needed to look at it again. */
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #neededBytes = 0;
  #connectSeen = false;
  #disconnectSeen = false;
  #refused = false;
  #answersPings = false;

  /** Begins at once; call before the broker gets the socket. */
  constructor(socket: Socket, options: GuardOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#take = socket.read.bind(socket);
    socket.read = (size) => (size === 0 ? this.#poll() : this.#read());
    socket.on("readable", () => this.#readAhead());
  }

  /** True once the client said that it leaves; what ends without it was cut off. */
  get disconnectSeen(): boolean {
    return this.#disconnectSeen;
  }

  /** From now on the guard answers PINGREQ: the client has its CONNACK. */
  answerPings(): void {
    this.#answersPings = true;
  }

  /** Makes the broker read again after the client was held back. */
  resume(): void {
    this.#socket.emit("readable");
  }

  /** The number is exact, so that reading ahead never uncovers the end of the stream. */
  #readAhead(): void {
    const waiting = this.#socket.readableLength;
    if (waiting === 0 || this.#readyBytes >= readAheadBytes) return;
    const chunk = this.#take(waiting);
    if (chunk instanceof Buffer) this.#accept(chunk);
  }

  /**
   * What the stream itself calls to get more from the kernel; it drops what that gives. It would
   * also find the end of the stream, for which packets that are ready have to be read first.
   */
  #poll(): null {
    if (this.#readyBytes === 0) this.#take(0);
    return null;
  }

  /** What the broker calls: everything that is ready, null when there is nothing. */
  #read(): Buffer | null {
    if (!this.#options.mayRead()) return null;
    const chunk = this.#take();
    if (chunk instanceof Buffer) this.#accept(chunk);
    const [only, second] = this.#ready;
    if (only === undefined || this.#refused) return null;
    const bytes = second === undefined ? only : Buffer.concat(this.#ready, this.#readyBytes);
    this.#ready = [];
    this.#readyBytes = 0;
    return bytes;
  }

  #accept(chunk: Buffer): void {
    if (this.#refused) return;
    let bytes = chunk;
    if (this.#partialBytes > 0) {
      this.#partial.push(chunk);
      this.#partialBytes += chunk.length;
      if (this.#partialBytes < this.#neededBytes) return;
      bytes = Buffer.concat(this.#partial, this.#partialBytes);
      this.#partial = [];
      this.#partialBytes = 0;
    }
    const problem = this.#scan(bytes);
    if (problem === undefined) return;
    this.#refused = true;
    this.#ready = [];
    this.#partial = [];
    this.#options.refuse(problem);
  }

  #scan(bytes: Buffer): FrameProblem | undefined {
    let from = 0;
    let at = 0;
    while (at < bytes.length) {
      const first = bytes[at] ?? 0;
      const type = first >> 4;
      if ((type === connectType) === this.#connectSeen) {
        return this.#connectSeen ? "second-connect" : "connect-expected";
      }
      const bodyAt = lengthEnd(bytes, at + 1);
      if (bodyAt === malformed) return "bad-length";
      if (bodyAt === incomplete) {
        this.#neededBytes = bytes.length - at + 1;
        break;
      }
      const end = bodyAt + lengthBefore(bytes, at + 1, bodyAt);
      const maxBytes = this.#connectSeen ? this.#options.maxPacketBytes : maxConnectBytes;
      if (end - at > maxBytes) return "too-large";
      if (end > bytes.length) {
        this.#neededBytes = end - at;
        break;
      }
      const problem = checkFrame(first, bytes, bodyAt, end);
      if (problem !== undefined) return problem;
      if (type === connectType) this.#connectSeen = true;
      else if (type === disconnectType) this.#disconnectSeen = true;
      else if (type === pingType && this.#answersPings) {
        this.#pass(bytes, from, at);
        from = end;
        this.#socket.write(pingResponse);
      }
      at = end;
    }
    this.#pass(bytes, from, at);
    if (at < bytes.length) {
      // A copy, since the part would keep the whole chunk alive for as long as the client likes.
      const rest = Buffer.from(bytes.subarray(at));
      this.#partial = [rest];
      this.#partialBytes = rest.length;
    }
    return undefined;
  }

  #pass(bytes: Buffer, from: number, to: number): void {
    if (from === to) return;
    this.#ready.push(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
    this.#readyBytes += to - from;
  }
}

const incomplete = -1;
const malformed = -2;

/** Where the remaining length ends, which takes at most four bytes (MQTT 3.1.1 §2.2.3). */
function lengthEnd(bytes: Buffer, at: number): number {
  for (let place = at; place < at + 4; place += 1) {
    const byte = bytes[place];
    if (byte === undefined) return incomplete;
    if (byte < 0x80) return place + 1;
  }
  return malformed;
}

function lengthBefore(bytes: Buffer, at: number, end: number): number {
  let length = 0;
  for (let place = end - 1; place >= at; place -= 1) {
    length = length * 128 + ((bytes[place] ?? 0) & 0x7f);
  }
  return length;
}
