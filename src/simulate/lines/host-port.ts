/** The port of this machine that a simulated device is at; opened again when it is lost. */
import type { Clock, Timer } from "../../core/clock.ts";

/** A port that is open. */
export interface HostPort {
  /** Rejects when the port is lost. Calls are served in order. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Whoever listens to it. */
export interface HostEar {
  data(bytes: Uint8Array): void;
  /** Once; the port is gone. */
  closed(reason: string): void;
}

/** Opens the port that the device is at. Rejects when it cannot be had. */
export type OpenHostPort = (ear: HostEar) => Promise<HostPort>;

const againMs = 500;
/** Bytes that may wait for a port that takes none. */
const mostWaitingBytes = 1_048_576;

/** A port that comes back. */
export class KeptPort {
  readonly #clock: Clock;
  readonly #ear: HostEar;
  readonly #open: OpenHostPort;
  #port: HostPort | undefined;
  #again: Timer | undefined;
  #closed = false;
  #losses = 0;
  #waitingBytes = 0;

  private constructor(open: OpenHostPort, hear: (bytes: Uint8Array) => void, clock: Clock) {
    this.#clock = clock;
    this.#open = open;
    this.#ear = { data: hear, closed: () => this.#lose() };
  }

  /** Rejects where the port cannot be had at first. */
  static async open(
    open: OpenHostPort,
    hear: (bytes: Uint8Array) => void,
    clock: Clock,
  ): Promise<KeptPort> {
    const kept = new KeptPort(open, hear, clock);
    kept.#port = await open(kept.#ear);
    return kept;
  }

  get losses(): number {
    return this.#losses;
  }

  /** Bytes can leave. */
  get takes(): boolean {
    return this.#port !== undefined && this.#waitingBytes < mostWaitingBytes;
  }

  write(bytes: Uint8Array): void {
    this.#waitingBytes += bytes.byteLength;
    const done = (): void => {
      this.#waitingBytes -= bytes.byteLength;
    };
    // A loss is told to the ear.
    if (this.#port === undefined) done();
    else this.#port.write(bytes).then(done, done);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#again?.cancel();
    await this.#port?.close();
  }

  #lose(): void {
    const lost = this.#port;
    if (this.#closed || lost === undefined) return;
    this.#port = undefined;
    this.#losses += 1;
    void lost.close().then(() => this.#openLater());
  }

  #openLater(): void {
    if (this.#closed) return;
    this.#again = this.#clock.setTimer(againMs, () => {
      this.#open(this.#ear).then(
        (port) => {
          if (this.#closed) void port.close();
          else this.#port = port;
        },
        () => this.#openLater(),
      );
    });
  }
}
