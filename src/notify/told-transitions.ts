/**
 * How far a receiver has been told, instance by instance. A transition that comes again, because
 * the alerts stream was restored or read again from its beginning, is known by its order.
 */
import type { AlertTransition } from "../core/alert.ts";
import { compareOrder, orderOf, type TransitionOrder } from "../stream/transition-order.ts";

/** Above this, the instances that were told of least recently are forgotten. */
const maxInstances = 50_000;

/** By instance: start of the episode in epoch ms, and number in it. Plain JSON. */
export type ToldState = Readonly<Record<string, readonly [startedMs: number, n: number]>>;

export class ToldTransitions {
  /** The least recently told instance stands first. */
  readonly #last: Map<string, TransitionOrder>;

  constructor(state: ToldState) {
    this.#last = new Map(
      Object.entries(state).map(([instance, [startedMs, n]]) => [instance, { startedMs, n }]),
    );
  }

  /** True when the receiver was told of this transition or of a later one of its instance. */
  has(transition: AlertTransition): boolean {
    const last = this.#last.get(transition.instance);
    return last !== undefined && compareOrder(orderOf(transition), last) <= 0;
  }

  /** Notes a transition; one before the last that was noted changes nothing. */
  add(transition: AlertTransition): void {
    this.note(transition.instance, orderOf(transition));
  }

  /** The same of what is only known by its order. */
  note(instance: string, order: TransitionOrder): void {
    const last = this.#last.get(instance);
    if (last && compareOrder(order, last) <= 0) return;
    this.#last.delete(instance);
    this.#last.set(instance, order);
    for (const oldest of this.#last.keys()) {
      if (this.#last.size <= maxInstances) break;
      this.#last.delete(oldest);
    }
  }

  state(): ToldState {
    return Object.fromEntries(
      [...this.#last].map(([instance, { startedMs, n }]) => [instance, [startedMs, n]]),
    );
  }
}
