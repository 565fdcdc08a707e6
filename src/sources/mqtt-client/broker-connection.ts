/**
 * One connection to a broker, from the CONNECT to its end.
 *
 * Invariants
 * - `ended` is called once, and nothing else afterwards.
 * - What is not to be read stays with the broker: while the owner takes no more the socket is paused.
 * - Pings go out while nothing is read, so that a broker waits for a slow disk; silence is judged
 *   only while it could be heard.
 */
import type { Duplex } from "node:stream";
import type { Clock, Timer } from "../../core/clock.ts";
import type { BrokerUrl } from "./broker-url.ts";
import type { Dialed } from "./dial.ts";
import { failureWords, otherWay, strangeGreeting } from "./failure-words.ts";
import { isTakeOver, reasonWords } from "./reason-words.ts";
import {
  type Connack,
  createReader,
  disconnectFrame,
  encodeConnect,
  type Introduction,
  type Puback,
  type Publish,
  pingFrame,
  type Suback,
} from "./wire.ts";

/** From the first byte to the CONNACK. */
const greetingMs = 15_000;
/** A broker has so long to take what was written before a DISCONNECT. */
const leavingMs = 1_000;

/** Why a connection is over, or why there was none. */
export interface Ending {
  readonly cause: "disconnect" | "connection-lost" | "keepalive" | "takeover";
  readonly words: string;
}

export interface ConnectionOwner {
  /** The broker let us in. */
  accepted(connack: Connack): void;
  publish(packet: Publish): void;
  puback(packet: Puback): void;
  suback(packet: Suback): void;
  /** False while nothing more is to be read; `resume` is called then. */
  mayRead(): boolean;
  ended(ending: Ending): void;
}

export interface ConnectionFacts {
  readonly dialed: Dialed;
  readonly url: BrokerUrl;
  readonly introduction: Introduction;
  readonly clock: Clock;
}

export class BrokerConnection {
  readonly #socket: Duplex;
  readonly #facts: ConnectionFacts;
  readonly #owner: ConnectionOwner;
  readonly #closed: Promise<void>;
  #timer: Timer;
  #isWelcome = false;
  #isLeaving = false;
  #ending: Ending | undefined;
  #isFirst = true;
  /** Something came since the last ping. */
  #isHeard = true;
  #isPaused = false;
  /** When it was read on after a pause. */
  #resumedMs = Number.NEGATIVE_INFINITY;

  constructor(facts: ConnectionFacts, owner: ConnectionOwner) {
    const { clock, dialed, introduction, url } = facts;
    this.#facts = facts;
    this.#owner = owner;
    const { socket } = dialed;
    this.#socket = socket;
    this.#timer = clock.setTimer(greetingMs, () =>
      this.end("connection-lost", `it did not answer within ${greetingMs / 1_000} s`),
    );
    const read = createReader(introduction.level, introduction.maxPacketBytes, {
      connack: (packet) => this.#welcome(packet),
      publish: (packet) => this.#publish(packet),
      puback: (packet) => owner.puback(packet),
      suback: (packet) => owner.suback(packet),
      unsuback: () => {},
      pingresp: () => {},
      disconnect: ({ properties, reasonCode = 0 }) =>
        this.end(
          isTakeOver(reasonCode) ? "takeover" : "disconnect",
          reasonWords(reasonCode, properties?.reasonString),
        ),
      broken: (words) => this.end("disconnect", words),
    });
    dialed.onReady(() => socket.write(encodeConnect(introduction)));
    socket.on("data", (chunk) => {
      this.#isHeard = true;
      const strange = this.#isFirst ? strangeGreeting(chunk) : undefined;
      this.#isFirst = false;
      if (strange !== undefined) this.end("disconnect", strange);
      if (this.#ending !== undefined) return;
      read(chunk);
      if (!owner.mayRead()) this.#pause();
    });
    socket.on("error", (failure) =>
      this.end("connection-lost", failureWords(failure, url, this.#isWelcome)),
    );
    this.#closed = new Promise((resolve) => {
      socket.on("close", () => {
        this.#timer.cancel();
        owner.ended(this.#ending ?? { cause: "connection-lost", words: this.#closedWords() });
        resolve();
      });
    });
  }

  /** What the socket has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** When it was kept from reading last, monotonic; now, while it is. */
  get heldMs(): number {
    return this.#isPaused ? this.#facts.clock.monotonicMs() : this.#resumedMs;
  }

  write(bytes: Uint8Array): void {
    if (this.#ending === undefined) this.#socket.write(bytes);
  }

  /** Reads on, unless it is being left. */
  resume(): void {
    if (!this.#isPaused || this.#isLeaving) return;
    this.#isPaused = false;
    this.#resumedMs = this.#facts.clock.monotonicMs();
    this.#isHeard = true;
    this.#socket.resume();
  }

  /** Reads nothing more. */
  hold(): void {
    this.#isLeaving = true;
    this.#pause();
  }

  /** Ends at once; what was said first counts. */
  end(cause: Ending["cause"], words: string): void {
    this.#ending ??= { cause, words };
    this.#socket.destroy();
  }

  /** Ends at once; what has not arrived does not arrive later, either. */
  cut(words: string, cause: Ending["cause"] = "connection-lost"): void {
    this.#ending ??= { cause, words };
    this.#facts.dialed.cut();
    this.#socket.destroy();
  }

  /** Leaves in order: what was written goes out, then DISCONNECT. */
  async leave(): Promise<void> {
    if (this.#isWelcome) this.#socket.end(disconnectFrame);
    // What comes meanwhile is not looked at, or the end of the stream would not be seen.
    this.#ending ??= { cause: "disconnect", words: "the gateway stops" };
    this.#socket.resume();
    const timer = this.#facts.clock.setTimer(leavingMs, () => this.#socket.destroy());
    if (!this.#isWelcome) this.#socket.destroy();
    await this.#closed;
    timer.cancel();
  }

  #pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  #welcome(connack: Connack): void {
    const { level, keepAliveSeconds } = this.#facts.introduction;
    const code = (level === 5 ? connack.reasonCode : connack.returnCode) ?? 0;
    if (this.#isWelcome) this.end("disconnect", "it sent a second CONNACK");
    if (code !== 0) this.end("disconnect", reasonWords(code, connack.properties?.reasonString));
    if (this.#ending !== undefined) return;
    this.#isWelcome = true;
    this.#timer.cancel();
    this.#ping((connack.properties?.serverKeepAlive ?? keepAliveSeconds) * 500);
    this.#owner.accepted(connack);
  }

  #publish(packet: Publish): void {
    if (!this.#isWelcome) this.end("disconnect", "it sent a message before its CONNACK");
    else if (packet.qos === 2)
      this.end("disconnect", "it sent a message at QoS 2, and nothing was subscribed so");
    else if (packet.topic === "") this.end("disconnect", "it sent a message without a topic");
    else if (this.#ending === undefined) this.#owner.publish(packet);
  }

  #ping(everyMs: number): void {
    if (everyMs === 0) return;
    this.#timer = this.#facts.clock.setTimer(everyMs, () => {
      if (!this.#isHeard && !this.#isPaused)
        return this.cut(`it was silent for ${everyMs / 1_000} s after a ping`, "keepalive");
      this.#isHeard = false;
      this.write(pingFrame);
      this.#ping(everyMs);
    });
  }

  #closedWords(): string {
    if (this.#isWelcome) return "it closed the connection without a word";
    return `it closed the connection without a word before it let us in; ${otherWay[this.#facts.url.scheme]}`;
  }
}
