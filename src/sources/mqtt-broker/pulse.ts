/** Whether a client still says something, and still takes what it is sent. */
import type { ClientSocket } from "./client-socket.ts";

/** A client that does not take its answers for so long is closed. */
export const stuckMs = 10_000;

/** A client that was told why it is closed has so long to hear it and close itself. */
const lingerMs = 1_000;

export class Pulse {
  readonly #socket: ClientSocket;
  #heardBytes = 0;
  #heardAtMs = 0;
  #stuckSinceMs: number | undefined;
  #lingersSinceMs: number | undefined;

  constructor(socket: ClientSocket) {
    this.#socket = socket;
    socket.on("drain", () => {
      this.#stuckSinceMs = undefined;
    });
  }

  /**
   * True when nothing came for one and a half keep alives (MQTT 3.1.1 §3.1.2.10). Bytes that wait
   * here unread, and messages that wait for the disk, are the gateway's delay, not the client's
   * silence. To be asked again and again; `nowMs` is monotonic time.
   */
  isSilent(nowMs: number, keepAliveSeconds: number, waitsForDisk: boolean): boolean {
    const { bytesRead, readableLength } = this.#socket;
    if (bytesRead !== this.#heardBytes || readableLength > 0 || waitsForDisk) {
      this.#heardBytes = bytesRead;
      this.#heardAtMs = nowMs;
    }
    return keepAliveSeconds > 0 && nowMs - this.#heardAtMs > keepAliveSeconds * 1_500;
  }

  /** True when nothing moves any more for 10 s. `rests`: what ends the connection cannot go on. */
  isStuck(nowMs: number, rests: boolean): boolean {
    if (!this.#socket.writableNeedDrain && !rests) this.#stuckSinceMs = undefined;
    else this.#stuckSinceMs ??= nowMs;
    return nowMs - (this.#stuckSinceMs ?? nowMs) > stuckMs;
  }

  /** To be asked from when the last words were said. */
  hasLingered(nowMs: number): boolean {
    this.#lingersSinceMs ??= nowMs;
    return nowMs - this.#lingersSinceMs >= lingerMs;
  }
}
