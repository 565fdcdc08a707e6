/**
 * Tells one receiver of what its gateway finds, with no backbone: at least once each, in order per
 * instance. A transition that it does not take goes behind those of other instances.
 */
import type { AlertTransition } from "../../core/alert.ts";
import { type Clock, type EpochMs, sleep } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import { Backoff, type Random } from "../../core/retry.ts";

/** Of more the oldest are given up. */
const mostWaiting = 1_000;
const backoffLimits = { baseMs: 1_000, maxMs: 60_000 };

/** What a receiver made of it. */
export type EdgeDelivery =
  | { readonly kind: "delivered" }
  | { readonly kind: "failed"; readonly reason: string; readonly restMs?: number }
  | { readonly kind: "refused"; readonly reason: string };

/** Somebody who is told by the gateway itself. `deliver` never rejects. */
export interface EdgeReceiver {
  readonly name: string;
  /** How long one transition is tried; infinity for ever. */
  readonly giveUpAfterMs: number;
  deliver(
    transition: AlertTransition,
    attempt: number,
    waitedMs: number,
    signal: AbortSignal,
  ): Promise<EdgeDelivery>;
}

/** How it stands with a receiver, for people. */
export interface EdgeReceiverState {
  readonly name: string;
  readonly waiting: number;
  readonly delivered: number;
  /** Never told: refused, tried for too long, or too many waited. */
  readonly givenUp: number;
  /** Why the last attempt failed; absent where it did not. */
  readonly trouble?: string;
}

interface Waiting {
  readonly transition: AlertTransition;
  readonly sinceMs: EpochMs;
  attempts: number;
}

export interface EdgeTellerDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Called when somebody was told, so that it is soon remembered. */
  readonly onSettled: () => void;
}

export class EdgeTeller {
  readonly #receiver: EdgeReceiver;
  readonly #deps: EdgeTellerDependencies;
  readonly #backoff: Backoff;
  #waiting: Waiting[] = [];
  #delivered = 0;
  #givenUp = 0;
  #trouble: string | undefined;
  #wake = (): void => {};

  constructor(receiver: EdgeReceiver, deps: EdgeTellerDependencies) {
    this.#receiver = receiver;
    this.#deps = deps;
    this.#backoff = new Backoff(backoffLimits, deps.random);
  }

  /** Takes in what it is to be told of; nothing where a rule names others, or nobody at all. */
  take(transition: AlertTransition): void {
    const { handling, quiet } = transition;
    const isMeant = handling?.notify?.includes(this.#receiver.name) ?? true;
    if (quiet || !isMeant) return;
    const { clock } = this.#deps;
    this.#waiting.push({ transition, sinceMs: clock.monotonicMs(), attempts: 0 });
    if (this.#waiting.length > mostWaiting) this.#giveUp(this.#waiting.shift(), "too many wait");
    this.#wake();
  }

  get name(): string {
    return this.#receiver.name;
  }

  /** In the order in which they are told. */
  waiting(): readonly AlertTransition[] {
    return this.#waiting.map(({ transition }) => transition);
  }

  state(): EdgeReceiverState {
    const { name } = this.#receiver;
    const counts = { delivered: this.#delivered, givenUp: this.#givenUp };
    const trouble = this.#trouble;
    return { name, waiting: this.#waiting.length, ...counts, ...(trouble && { trouble }) };
  }

  /** Resolves soon after the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      const [next] = this.#waiting;
      if (next) await sleep(clock, await this.#tell(next, signal), signal);
      else await this.#untilWaiting(signal);
    }
  }

  /** Gives how long the receiver is to be left alone then. */
  async #tell(next: Waiting, signal: AbortSignal): Promise<number> {
    const { clock } = this.#deps;
    const { giveUpAfterMs } = this.#receiver;
    next.attempts += 1;
    const { attempts, sinceMs, transition } = next;
    const waitedMs = clock.monotonicMs() - sinceMs;
    const delivery = await this.#receiver.deliver(transition, attempts, waitedMs, signal);
    if (delivery.kind === "delivered") {
      this.#delivered += 1;
      this.#trouble = undefined;
      this.#backoff.reset();
      this.#remove(next);
      return 0;
    }
    if (signal.aborted) return 0;
    this.#trouble = delivery.reason;
    if (delivery.kind === "refused" || waitedMs >= giveUpAfterMs) {
      this.#giveUp(next, delivery.reason);
      this.#remove(next);
      return 0;
    }
    this.#postpone(transition.instance);
    return (delivery.restMs ?? 0) + this.#backoff.nextMs();
  }

  #remove(told: Waiting): void {
    this.#waiting = this.#waiting.filter((each) => each !== told);
    this.#deps.onSettled();
  }

  #giveUp(given: Waiting | undefined, reason: string): void {
    if (!given) return;
    this.#givenUp += 1;
    const { id: transition, rule } = given.transition;
    const { name: receiver } = this.#receiver;
    this.#deps.logger.error("a receiver is not told of an alert", {
      ...{ receiver, rule, transition, reason },
    });
  }

  /** Those of the instance go behind all others, in their order. */
  #postpone(instance: string): void {
    const isIts = ({ transition }: Waiting): boolean => transition.instance === instance;
    const others = this.#waiting.filter((each) => !isIts(each));
    this.#waiting = [...others, ...this.#waiting.filter(isIts)];
  }

  #untilWaiting(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        signal.removeEventListener("abort", finish);
        this.#wake = () => {};
        resolve();
      };
      this.#wake = finish;
      signal.addEventListener("abort", finish, { once: true });
    });
  }
}
