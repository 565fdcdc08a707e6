/** One QoS 2 message between its PUBLISH and its PUBREL. */
import type { Delivery } from "../../core/record.ts";

export class OpenDelivery implements Delivery {
  readonly session: string;
  readonly packetId: number;
  readonly hash: number;
  /** True when it is to be known after a restart. */
  readonly kept: boolean;
  /** Set once the client released it; resolves when that is remembered. */
  released: Promise<void> | undefined;
  #stored: boolean;
  #waiting: (() => void)[] = [];

  constructor({ hash, packetId, session }: Delivery, kept: boolean, stored = false) {
    this.session = session;
    this.packetId = packetId;
    this.hash = hash;
    this.kept = kept;
    this.#stored = stored;
  }

  /** True once its event is on disk. */
  get stored(): boolean {
    return this.#stored;
  }

  /** To be called when its event is on disk. */
  settle(): void {
    this.#stored = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const run of waiting) run();
  }

  /** Calls `run` when the event is on disk, at once when it is. */
  whenStored(run: () => void): void {
    if (this.#stored) run();
    else this.#waiting.push(run);
  }
}
