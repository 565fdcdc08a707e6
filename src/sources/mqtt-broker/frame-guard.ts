/**
 * Stands between a socket and the broker: wraps `socket.read`, which is how the broker gets bytes,
 * and gives it whole, checked packets only, in parts and turns that are fair to other clients.
 *
 * Clients are held back here, by answering that there is nothing to read. The broker's own way to
 * pause a client is not used: released after the client's messages ended, that client stays dead.
 * While the broker does not read, the guard reads ahead a little and answers PINGREQ itself, so that
 * a disk that stalls does not look like a broker that died.
 *
 * Invariants
 * - Between its CONNECT and its CONNACK nothing of a client is handled.
 * - The end of a connection is seen when every packet that came before it was handed on, be it a
 *   clean end or a broken one. Who closes the socket on purpose closes it at once.
 * - A client that does not take its answers is not read.
 */
import type { RefusalFacts } from "../../core/refusal.ts";
import type { ClientSocket } from "./client-socket.ts";
import type { FrameProblem } from "./frame-check.ts";
import { FrameScanner } from "./frame-scanner.ts";
import type { LargePublish } from "./large-publish.ts";
import type { Greet } from "./packet-check.ts";
import { Turn, type Turns } from "./turns.ts";
import type { Unfinished } from "./unfinished.ts";

/** How much is read for a client whose packets the broker does not take at the moment. */
const readAheadBytes = 65_536;
const pingResponse = Buffer.of(0xd0, 0);

export interface GuardOptions {
  readonly maxPacketBytes: number;
  readonly turns: Turns;
  readonly unfinished: Unfinished;
  /** False while the client is held back. */
  mayRead(): boolean;
  /** What the broker reads next is the beginning of a message that is too large. */
  large(publish: LargePublish): void;
  readonly greet: Greet;
  /** Called at most once; the connection must end then. */
  refuse(problem: FrameProblem, facts: RefusalFacts): void;
}

export class FrameGuard {
  readonly #socket: ClientSocket;
  readonly #take: (size?: number) => unknown;
  readonly #cut: (error?: Error) => void;
  readonly #options: GuardOptions;
  readonly #scanner: FrameScanner;
  readonly #turn = new Turn(() => this.#nudge());
  #refused = false;
  /** Ends the connection; set when the client's end was met while packets still waited. */
  #farewell: (() => void) | undefined;
  #handingOn = false;
  #isShut = false;

  /** Begins at once; call before the broker gets the socket. */
  constructor(socket: ClientSocket, options: GuardOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#scanner = new FrameScanner({
      maxPacketBytes: options.maxPacketBytes,
      ping: () => socket.write(pingResponse),
      large: (publish) => options.large(publish),
      greet: options.greet,
    });
    this.#take = socket.read.bind(socket);
    this.#cut = socket.destroy.bind(socket);
    const push = socket.push.bind(socket);
    socket.read = (size) => (size === 0 ? this.#poll() : this.#read());
    socket.destroy = (error) => this.#destroy(error);
    socket.push = (chunk, encoding) => {
      const more = push(chunk, encoding);
      if (chunk === null && this.#isWaiting) this.#leaveAfterwards(() => this.#take(0));
      return more;
    };
    socket.on("readable", () => this.#readAhead());
    socket.once("close", () => this.#forget());
  }

  /** True once the client said that it leaves; what ends without it was cut off. */
  get disconnectSeen(): boolean {
    return this.#scanner.disconnectSeen;
  }

  /** True while the client is gone, and packets of it wait to be handed on. */
  get leaving(): boolean {
    return this.#farewell !== undefined;
  }

  /** True when its CONNECT, good or bad, is one of version 5. */
  get greets5(): boolean {
    return this.#scanner.greets5;
  }

  /** Hands on nothing any more; what still comes is read and thrown away. */
  shut(): void {
    this.#forget();
    this.#isShut = true;
    this.#readAhead();
  }

  /** To be called when the client has its CONNACK: what it sends is handled from now on. */
  open(): void {
    this.#scanner.open();
    this.#scanned();
    if (this.leaving) this.#handOn();
  }

  /** Makes the broker read again after the client was held back. */
  resume(): void {
    this.#nudge();
    if (this.leaving) this.#handOn();
  }

  /** To be called by who bounds what is unfinished. */
  evict(maxBytes: number): void {
    const bytes = this.#scanner.unfinishedBytes;
    this.#refuse("unfinished", { bytes, limit: "in_flight_bytes", atMost: maxBytes });
  }

  /** Something came that was not handed on. */
  get #isWaiting(): boolean {
    return this.#scanner.isWaiting || this.#socket.readableLength > 0;
  }

  /** Nothing of the client is handled at the moment, whoever asks. */
  get #isHeld(): boolean {
    const { readyBytes, stage } = this.#scanner;
    if (stage === "asking") return readyBytes === 0;
    return stage === "inside" && (this.#isFull || !this.#options.mayRead());
  }

  /** The client does not take what it is sent. One that is gone takes nothing, and is read out. */
  get #isFull(): boolean {
    return this.#socket.writableNeedDrain && !this.leaving;
  }

  #nudge(): void {
    this.#socket.emit("readable");
  }

  #readAhead(): void {
    if (this.#isShut) while (this.#take() !== null);
    const { readyBytes, stage } = this.#scanner;
    if (stage === "inside" && readyBytes < readAheadBytes && !this.#isFull) this.#fill();
  }

  /** The number is exact, so that reading never uncovers the end of the stream. */
  #fill(): void {
    const waiting = this.#socket.readableLength;
    if (waiting === 0 || this.#refused) return;
    const chunk = this.#take(waiting);
    if (!(chunk instanceof Buffer)) return;
    this.#scanner.accept(chunk);
    this.#scanned();
  }

  #scanned(): void {
    const { facts, problem, unfinishedBytes } = this.#scanner;
    this.#options.unfinished.keep(this, unfinishedBytes);
    if (problem !== undefined) this.#refuse(problem, facts);
  }

  /**
   * What the stream itself calls to get more from the kernel; it drops what that gives. It would
   * also find the end of the stream, for which packets that wait have to be handed on first.
   */
  #poll(): null {
    if (!this.#isWaiting) this.#take(0);
    return null;
  }

  /** What the broker calls: as many packets as are ready and fair, null when it has to wait. */
  #read(): Buffer | null {
    if (this.#refused || this.#isHeld) return null;
    if (!this.#isWaiting) return this.#poll();
    const { stage } = this.#scanner;
    const parts = stage === "inside" ? this.#options.turns.parts(this.#turn) : 1;
    if (parts === 0) return null;
    if (this.#scanner.readyBytes === 0) this.#fill();
    return this.#scanner.give(parts) ?? null;
  }

  /** A connection that broke may have brought packets before. */
  #destroy(error?: Error): ClientSocket {
    const broke = error !== undefined && "syscall" in error;
    if (!broke || this.#refused || !this.#isWaiting) this.#cut(error);
    else this.#leaveAfterwards(() => this.#cut(error));
    return this.#socket;
  }

  #leaveAfterwards(farewell: () => void): void {
    this.#farewell = farewell;
    this.#handOn();
  }

  /**
   * The broker waits for its own answers before it reads on; here nobody waits for them any more.
   * While the client is held this rests, until `resume` or `open`.
   */
  #handOn(): void {
    if (this.#handingOn) return;
    this.#handingOn = true;
    setImmediate(() => {
      this.#handingOn = false;
      if (this.#socket.destroyed) return;
      if (!this.#isWaiting) this.#farewell?.();
      else {
        this.#nudge();
        if (!this.#isHeld) this.#handOn();
      }
    });
  }

  #refuse(problem: FrameProblem, facts: RefusalFacts): void {
    if (this.#refused) return;
    this.#forget();
    this.#options.refuse(problem, facts);
  }

  #forget(): void {
    this.#refused = true;
    this.#scanner.clear();
    this.#options.turns.forget(this.#turn);
    this.#options.unfinished.keep(this, 0);
  }
}
