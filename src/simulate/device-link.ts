/**
 * The MQTT connection of one device: comes back by itself, with jittered back-off, until closed.
 *
 * What is sent over it is not kept here: whoever sends learns by `up` and `down` which PUBACKs can
 * still come.
 */
import { connect, type Socket } from "node:net";
import type { Clock, Timer } from "../core/clock.ts";
import { Backoff, type Random } from "../core/retry.ts";
import {
  type Answer,
  type BrokerAddress,
  createAnswerReader,
  disconnectFrame,
  encodeConnect,
  encodePuback,
  encodePublish,
  encodeSubscribe,
  encodeUnanswered,
  type HandedOn,
  pingFrame,
  type Will,
} from "./mqtt-wire.ts";

export interface LinkListener {
  /** The broker accepted the connection; nothing is under way on it. */
  up(): void;
  /** PUBACKs of this connection can no longer come. Only after `up`. */
  down(): void;
  acked(packetId: number): void;
  /** What was subscribed to; to be acknowledged by `acknowledge`. */
  message?(message: HandedOn): void;
}

export interface LinkOptions {
  readonly broker: BrokerAddress;
  readonly clientId: string;
  /** Of each connection, or of the next one. */
  readonly will: Will | (() => Will);
  /** Subscribed to at each connect. */
  readonly listensTo?: { readonly filter: string; readonly qos: 0 | 1 };
  /** The broker is to keep what comes for it. */
  readonly keepsSession?: boolean;
  readonly clock: Clock;
  readonly random: Random;
}

/** A connection that says nothing for this long after a ping is given up. */
const keepAliveMs = 20_000;
const goodbyeMs = 1_000;
const backoff = { baseMs: 200, maxMs: 2_000 };

export class DeviceLink {
  readonly #options: LinkOptions;
  readonly #listener: LinkListener;
  readonly #backoff: Backoff;
  #socket: Socket | undefined;
  #timer: Timer | undefined;
  #isUp = false;
  #heard = false;
  #lastPacketId = 0;
  #trouble: string | undefined;

  constructor(options: LinkOptions, listener: LinkListener) {
    this.#options = options;
    this.#listener = listener;
    this.#backoff = new Backoff(backoff, options.random);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Why it is not up, for people; undefined while it is, and before the first failure. */
  get trouble(): string | undefined {
    return this.#isUp ? undefined : this.#trouble;
  }

  /** Connects, and connects again after each loss. To be called once. */
  open(): void {
    const { broker, clientId, keepsSession = false, will } = this.#options;
    const socket = connect(broker.port, broker.host);
    this.#socket = socket;
    socket.setNoDelay(true);
    const read = createAnswerReader(
      (answer) => this.#take(answer),
      (what) => socket.destroy(new Error(what)),
    );
    socket.on("connect", () => {
      const own = typeof will === "function" ? will() : will;
      const facts = { clientId, broker, will: own, keepsSession };
      socket.write(encodeConnect({ ...facts, keepAliveSeconds: keepAliveMs / 1e3 }));
    });
    socket.on("data", (chunk) => {
      this.#heard = true;
      if (!socket.destroyed) read(chunk);
    });
    socket.on("error", (error) => {
      this.#trouble = error.message;
    });
    socket.on("close", () => this.#lost());
    this.#watch();
  }

  /** Sends with QoS 1 and gives the packet id. Only while up. */
  publish(topic: string, payload: string, retain = false): number {
    const packetId = this.#nextPacketId();
    this.#socket?.write(encodePublish(topic, payload, packetId, retain));
    return packetId;
  }

  acknowledge({ packetId }: HandedOn): void {
    if (packetId > 0) this.#socket?.write(encodePuback(packetId));
  }

  /** Breaks the connection, as a device without power does; it comes back by itself. */
  cut(): void {
    this.#socket?.destroy();
  }

  /** With QoS 0. Only while up. */
  say(topic: string, payload: Buffer): void {
    this.#socket?.write(encodeUnanswered(topic, payload));
  }

  /** Says goodbye, and comes back by itself; the broker publishes no will. Only while up. */
  leave(): void {
    this.#socket?.end(disconnectFrame);
  }

  /** Says goodbye, so that the broker does not publish the will. Resolves when it is gone. */
  close(): Promise<void> {
    const socket = this.#socket;
    this.#timer?.cancel();
    this.#socket = undefined;
    if (!socket || socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once("close", () => {
        this.#timer?.cancel();
        resolve();
      });
      // The broker closes once it read the goodbye; one that does not is left.
      if (this.#isUp) socket.end(disconnectFrame);
      else socket.destroy();
      this.#timer = this.#options.clock.setTimer(goodbyeMs, () => socket.destroy());
      this.#isUp = false;
    });
  }

  #take(answer: Answer): void {
    switch (answer.kind) {
      case "connack":
        if (answer.returnCode !== 0) {
          this.#socket?.destroy(new Error(`refused with return code ${answer.returnCode}`));
          return;
        }
        this.#isUp = true;
        this.#trouble = undefined;
        this.#backoff.reset();
        this.#subscribe();
        this.#listener.up();
        return;
      case "puback":
        this.#listener.acked(answer.packetId);
        return;
      case "message":
        this.#listener.message?.(answer.message);
        return;
      case "suback":
      case "pingresp":
        return;
    }
  }

  #subscribe(): void {
    const { listensTo } = this.#options;
    if (listensTo === undefined) return;
    const { filter, qos } = listensTo;
    this.#socket?.write(encodeSubscribe(filter, qos, this.#nextPacketId()));
  }

  #nextPacketId(): number {
    this.#lastPacketId = (this.#lastPacketId % 0xffff) + 1;
    return this.#lastPacketId;
  }

  /** Pings twice per keep-alive time; silence for a whole turn means that the other end is gone. */
  #watch(): void {
    this.#heard = false;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(keepAliveMs / 2, () => {
      if (!this.#heard) {
        this.#socket?.destroy(new Error("the broker does not answer"));
        return;
      }
      this.#socket?.write(pingFrame);
      this.#watch();
    });
  }

  #lost(): void {
    this.#timer?.cancel();
    if (!this.#socket) return;
    if (this.#isUp) {
      this.#isUp = false;
      this.#trouble ??= "connection lost";
      this.#listener.down();
    }
    this.#timer = this.#options.clock.setTimer(this.#backoff.nextMs(), () => this.open());
  }
}
