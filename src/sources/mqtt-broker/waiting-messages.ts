/** Messages of QoS 1 and 2 that wait for their turn at one subscriber, first come, first. */
import type { OutboundMessage } from "./outbound-message.ts";
import type { Outgoing, TellFate } from "./unacknowledged.ts";

type Waiting = Outgoing & { message: OutboundMessage };

export class WaitingMessages {
  readonly #gone: (message: OutboundMessage) => void;
  #row: Waiting[] = [];

  /** `gone` is called with each that left without being sent. */
  constructor(gone: (message: OutboundMessage) => void) {
    this.#gone = gone;
  }

  add(waiting: Waiting): void {
    this.#row.push(waiting);
  }

  /** The next that is of use still. */
  next(nowMs: number): Waiting | undefined {
    for (;;) {
      const next = this.#row.shift();
      if (!next?.message.isExpired(nowMs)) return next;
      this.#drop(next);
    }
  }

  /** Takes back the one that would tell this; false when it does not wait. */
  recall(tell: TellFate): boolean {
    const at = this.#row.findIndex((one) => one.tell === tell);
    if (at < 0) return false;
    for (const one of this.#row.splice(at, 1)) this.#gone(one.message);
    return true;
  }

  /** The connection is over, and those that do not outlive it. */
  dropMomentary(): void {
    const momentary = this.#row.filter(({ tell }) => tell !== undefined);
    if (momentary.length === 0) return;
    this.#row = this.#row.filter(({ tell }) => tell === undefined);
    for (const one of momentary) this.#drop(one);
  }

  /** Forgets all of them. */
  clear(): void {
    this.#row = [];
  }

  #drop({ message, tell }: Waiting): void {
    this.#gone(message);
    tell?.("dropped");
  }
}
