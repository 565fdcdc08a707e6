/** Messages that were dropped for one subscriber: those of a second are told together. */
import type { Clock } from "../../core/clock.ts";
import type { OutboxBound } from "./outbox-budget.ts";

const tellEveryMs = 1_000;

export class OutboxDrops {
  readonly #clock: Clock;
  readonly #dropped: (bound: OutboxBound, times: number) => void;
  /** Not told of yet, with the bound that it was for. */
  #untold: { readonly bound: OutboxBound; times: number } | undefined;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, dropped: (bound: OutboxBound, times: number) => void) {
    this.#clock = clock;
    this.#dropped = dropped;
  }

  /** One more was too many for the bound. */
  add(bound: OutboxBound): void {
    if (this.#untold !== undefined && this.#untold.bound !== bound) this.tell();
    this.#untold ??= { bound, times: 0 };
    this.#untold.times += 1;
    if (this.#clock.monotonicMs() - this.#toldAtMs >= tellEveryMs) this.tell();
  }

  /** Tells of what was not told of yet. */
  tell(): void {
    if (this.#untold === undefined) return;
    const { bound, times } = this.#untold;
    this.#untold = undefined;
    this.#toldAtMs = this.#clock.monotonicMs();
    this.#dropped(bound, times);
  }
}
