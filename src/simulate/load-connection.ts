/** One connection of the load generator: one device that sends as fast as it is let. */
import { connect, type Socket } from "node:net";
import type { Clock, Timer } from "../core/clock.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { LatencyHistogram } from "./latency-histogram.ts";
import { packetIdOf } from "./load-frames.ts";
import { type BrokerAddress, encodeConnect } from "./mqtt-wire.ts";

export interface LoadConnectionOptions {
  readonly device: string;
  readonly broker: BrokerAddress;
  readonly window: number;
  /** Highest number to send. */
  readonly quota: number;
  readonly writeFrames: (from: number, to: number) => Buffer;
  readonly latency: LatencyHistogram;
  readonly clock: Clock;
  readonly random: Random;
  readonly onAck: (device: string, n: number) => void;
  /** The window has room again, or a connection came up. */
  readonly onRoom: (connection: LoadConnection) => void;
}

const puback = 0x40;
const connack = 0x20;
const backoff = { baseMs: 20, maxMs: 500 };

/**
 * Numbers up to `#acked` hold a PUBACK; up to `#written` they went out on this connection; up to
 * `#sent` on any. MQTT has brokers acknowledge in the order of arrival (3.1.1, 4.6), so a PUBACK
 * for another than the next number is a fault: it is counted, and the connection begun anew.
 */
export class LoadConnection {
  readonly #options: LoadConnectionOptions;
  readonly #backoff: Backoff;
  readonly #sentAtMs: Float64Array;
  #socket: Socket | undefined;
  #retry: Timer | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #ready = false;
  #quota: number;
  #acked = 0;
  #written = 0;
  #sent = 0;
  #resent = 0;
  #reconnects = 0;
  #protocolFaults = 0;

  constructor(options: LoadConnectionOptions) {
    this.#options = options;
    this.#quota = options.quota;
    this.#backoff = new Backoff(backoff, options.random);
    this.#sentAtMs = new Float64Array(options.window);
  }

  get acked(): number {
    return this.#acked;
  }

  get sent(): number {
    return this.#sent;
  }

  get resent(): number {
    return this.#resent;
  }

  get reconnects(): number {
    return this.#reconnects;
  }

  get protocolFaults(): number {
    return this.#protocolFaults;
  }

  /** Everything that will ever be sent holds its PUBACK. */
  get done(): boolean {
    return this.#acked >= this.#quota;
  }

  open(): void {
    const { broker, device } = this.#options;
    const socket = connect(broker.port, broker.host);
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("connect", () =>
      socket.write(encodeConnect({ clientId: device, broker, keepAliveSeconds: 0 })),
    );
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.#socket !== socket) return;
      this.#ready = false;
      this.#rest = Buffer.alloc(0);
      this.#reconnects += 1;
      this.#retry = this.#options.clock.setTimer(this.#backoff.nextMs(), () => this.open());
    });
  }

  /** Sends what the window takes, at most `allowance` new numbers; gives how many were new. */
  send(allowance: number): number {
    if (!this.#ready) return 0;
    const known = this.#sent;
    const to = Math.min(this.#acked + this.#options.window, this.#quota, known + allowance);
    if (to <= this.#written) return 0;
    const from = this.#written + 1;
    this.#socket?.write(this.#options.writeFrames(from, to));
    const nowMs = this.#options.clock.monotonicMs();
    // A repeated number keeps its first time: the device has waited since then.
    for (let n = Math.max(from, known + 1); n <= to; n += 1) {
      this.#sentAtMs[n % this.#sentAtMs.length] = nowMs;
    }
    this.#resent += Math.max(0, Math.min(known, to) - from + 1);
    this.#written = to;
    this.#sent = Math.max(known, to);
    return this.#sent - known;
  }

  /** Sends nothing new from now on; what is under way may still be acknowledged. */
  finish(): void {
    this.#quota = Math.min(this.#quota, this.#sent);
  }

  close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#retry?.cancel();
    socket?.destroy();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    // All answers to a client that publishes with QoS 1 and never pings are four bytes long.
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4) {
      const understood =
        bytes[at] === puback
          ? this.#take(bytes.readUInt16BE(at + 2))
          : bytes[at] === connack && bytes[at + 3] === 0 && this.#accept();
      if (!understood) {
        this.#protocolFaults += 1;
        this.#socket?.destroy();
        return;
      }
    }
    this.#rest = bytes.subarray(at);
    this.#options.onRoom(this);
  }

  #accept(): boolean {
    this.#ready = true;
    this.#written = this.#acked;
    this.#backoff.reset();
    return true;
  }

  /** False for a PUBACK that is not due. */
  #take(packetId: number): boolean {
    const n = this.#acked + 1;
    if (n > this.#written || packetId !== packetIdOf(n)) return false;
    this.#acked = n;
    const sentAtMs = this.#sentAtMs[n % this.#sentAtMs.length] ?? 0;
    this.#options.latency.record(this.#options.clock.monotonicMs() - sentAtMs);
    this.#options.onAck(this.#options.device, n);
    return true;
  }
}
