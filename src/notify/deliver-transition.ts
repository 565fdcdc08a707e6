import type { AlertTransition } from "../core/alert.ts";
import { type Clock, sleep } from "../core/clock.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { AttemptLog } from "./attempt-log.ts";
import type { Delivery, Receiver } from "./receiver.ts";

const backoffLimits = { baseMs: 1_000, maxMs: 5 * 60_000 };
/** After this long nobody waits for it any more. */
const giveUpAfterMs = 24 * 3_600_000;

export interface DeliveryDependencies {
  readonly receiver: Receiver;
  /** The receiver's name. */
  readonly name: string;
  readonly attempts: AttemptLog;
  readonly clock: Clock;
  readonly random: Random;
  /** Called with the outcome of each attempt. */
  readonly onAttempt: (delivery: Delivery) => void;
}

/**
 * Tells one receiver of one transition, as often as it takes: until it is delivered, refused for
 * ever, or tried for a day. True when it is done with; false when the signal came first.
 */
export async function deliverTransition(
  transition: AlertTransition,
  signal: AbortSignal,
  deps: DeliveryDependencies,
): Promise<boolean> {
  const { attempts, clock, name, onAttempt, random, receiver } = deps;
  const { id, instance } = transition;
  const backoff = new Backoff(backoffLimits, random);
  const begunMs = clock.monotonicMs();
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const facts = { receiver: name, transition: id, instance, attempt };
    let delivery = await receiver.deliver(transition);
    if (delivery.kind === "failed" && clock.monotonicMs() - begunMs >= giveUpAfterMs)
      delivery = { kind: "refused", reason: `${delivery.reason}; given up after a day` };
    onAttempt(delivery);
    switch (delivery.kind) {
      case "delivered":
        await attempts.note({ ...facts, outcome: "delivered" });
        return true;
      case "refused":
        return attempts.bury({ ...facts, outcome: "dead-letter", reason: delivery.reason }, signal);
      case "failed":
        await attempts.note({ ...facts, outcome: "failed", reason: delivery.reason });
        await sleep(clock, backoff.nextMs(), signal);
    }
  }
  return false;
}
