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
  #answered: boolean;
  #forStored: (() => void)[] = [];
  #forAnswered: (() => void)[] = [];

  /** `found`: an earlier process stored and answered it. */
  constructor({ hash, packetId, session }: Delivery, kept: boolean, found = false) {
    this.session = session;
    this.packetId = packetId;
    this.hash = hash;
    this.kept = kept;
    this.#stored = found;
    this.#answered = found;
  }

  /** True once its event is on disk. */
  get stored(): boolean {
    return this.#stored;
  }

  /** To be called when its event is on disk. */
  settle(): void {
    this.#stored = true;
    for (const run of this.#forStored.splice(0)) run();
  }

  /** Calls `run` when the event is on disk, at once when it is. */
  whenStored(run: () => void): void {
    if (this.#stored) run();
    else this.#forStored.push(run);
  }

  /** To be called when the answer to its first PUBLISH is written. */
  answer(): void {
    this.#answered = true;
    for (const run of this.#forAnswered.splice(0)) run();
  }

  /** Resolves when the answer to its first PUBLISH is written, at once when it is. */
  whenAnswered(): Promise<void> {
    if (this.#answered) return Promise.resolve();
    return new Promise((resolve) => this.#forAnswered.push(resolve));
  }
}
