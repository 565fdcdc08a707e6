/** What receivers were never told of, and telling them after all. */
import type { AlertTransition } from "../core/alert.ts";
import type { DeliveryAttempt } from "../stream/notify-log.ts";
import { type AttemptDependencies, attemptNotice, plainNotice } from "./attempt-notice.ts";
import type { Delivery } from "./receiver.ts";

/** A transition that was given up. */
export interface DeadLetter {
  readonly receiver: string;
  readonly alert: AlertTransition;
  readonly reason: string;
  /** Attempts so far. */
  readonly attempts: number;
  /** When it was given up, RFC 3339. */
  readonly at: string;
}

/**
 * Is given the log of attempts in its order; then knows the dead letters that still say something. A
 * receiver that was told of an instance later knows better: an old beginning would only mislead it.
 */
export class DeadLetters {
  /** By receiver and instance, then by transition. */
  readonly #open = new Map<string, Map<string, DeadLetter>>();

  take(attempt: DeliveryAttempt): void {
    const { alert, at, instance, outcome, receiver, reason = "", transition } = attempt;
    const key = `${receiver} ${instance}`;
    if (outcome === "delivered") this.#open.delete(key);
    // Those of the first version do not hold what to send.
    if (outcome !== "dead-letter" || !alert) return;
    const letters = this.#open.get(key) ?? new Map<string, DeadLetter>();
    letters.set(transition, { receiver, alert, reason, attempts: attempt.attempt, at });
    this.#open.set(key, letters);
  }

  /** Those of one receiver, or of all; each instance's in order. */
  of(receiver?: string): readonly DeadLetter[] {
    return [...this.#open.values()]
      .flatMap((letters) => [...letters.values()])
      .filter((letter) => receiver === undefined || letter.receiver === receiver);
  }
}

/** Tells the receiver of a dead letter, once. What is refused again is a dead letter again. */
export async function resend(
  { alert, attempts }: DeadLetter,
  deps: Omit<AttemptDependencies, "giveUpAfterMs" | "onAttempt">,
): Promise<Delivery | undefined> {
  const storedMs = Date.parse(alert.observed_at);
  const long = Number.POSITIVE_INFINITY;
  const history = { attempts, triedForMs: 0, waitedMs: long };
  const signal = new AbortController().signal;
  return attemptNotice({ content: plainNotice(alert), storedMs }, history, signal, {
    ...deps,
    giveUpAfterMs: long,
    onAttempt: () => {},
  });
}
