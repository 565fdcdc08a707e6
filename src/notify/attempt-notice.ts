import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import type { HeldTransition } from "../stream/read-alerts.ts";
import type { AttemptLog } from "./attempt-log.ts";
import type { Delivery, Notice, Receiver } from "./receiver.ts";

/** What waited longer than this was late by the receiver. */
const lateAfterMs = 10_000;
/** So many attempts of a notice are logged one by one, behind them each time their number doubles. */
const loggedOneByOne = 16;

export interface AttemptDependencies {
  readonly receiver: Pick<Receiver, "deliver">;
  /** The receiver's name. */
  readonly name: string;
  /** How long a notice is tried. */
  readonly giveUpAfterMs: number;
  readonly attempts: AttemptLog;
  readonly clock: Clock;
  /** Called with the outcome of each attempt. */
  readonly onAttempt: (delivery: Delivery) => void;
}

/** What came before an attempt. */
export interface AttemptHistory {
  /** Attempts before this one. */
  readonly attempts: number;
  /** How long the notice has been tried. */
  readonly triedForMs: number;
  /** How long something of the instance has waited for the receiver. */
  readonly waitedMs: number;
}

/**
 * Tells one receiver of one transition, once, and logs how that went. A refusal is only given back
 * once the dead letter is stored: nobody else remembers what was given up. Undefined where the
 * signal cut it off, so that nobody knows how it went.
 */
export async function attemptNotice(
  held: Pick<HeldTransition, "transition" | "storedMs">,
  history: AttemptHistory,
  signal: AbortSignal,
  deps: AttemptDependencies,
): Promise<Delivery | undefined> {
  const { attempts, clock, name, onAttempt } = deps;
  const { transition } = held;
  const attempt = history.attempts + 1;
  // Waiting for the receiver, and not since before the transition was there.
  const waitedMs = Math.min(history.waitedMs, clock.wallMs() - held.storedMs);
  const notice: Notice = {
    id: transition.id,
    cause: "change",
    alerts: [{ transition, changes: 1 }],
    group: undefined,
    leftOut: 0,
    sentAt: formatTime(clock.wallMs()),
    attempt,
    lateByReceiver: waitedMs >= lateAfterMs,
  };
  let delivery = await deliver(notice, signal, deps.receiver);
  if (delivery.kind !== "delivered" && signal.aborted) return undefined;
  if (delivery.kind === "failed" && history.triedForMs >= deps.giveUpAfterMs)
    delivery = { kind: "refused", reason: `${delivery.reason}; given up` };

  const { id, instance } = transition;
  const facts = { receiver: name, transition: id, instance, attempt };
  if (delivery.kind === "refused") {
    const { reason } = delivery;
    const letter = { ...facts, outcome: "dead-letter", reason, alert: transition } as const;
    if (!(await attempts.record(letter)))
      delivery = { kind: "failed", reason: `${reason}; the dead letter could not be stored` };
    onAttempt(delivery);
    return delivery;
  }
  onAttempt(delivery);
  if (delivery.kind === "delivered") await attempts.record({ ...facts, outcome: "delivered" });
  else if (isLogged(attempt))
    await attempts.record({ ...facts, outcome: "failed", reason: delivery.reason });
  return delivery;
}

async function deliver(
  notice: Notice,
  signal: AbortSignal,
  receiver: Pick<Receiver, "deliver">,
): Promise<Delivery> {
  try {
    return await receiver.deliver(notice, signal);
  } catch (thrown) {
    const { message } = GatewayError.from(thrown, "receiver.unavailable", "cannot tell");
    return { kind: "failed", reason: message };
  }
}

function isLogged(attempt: number): boolean {
  return attempt <= loggedOneByOne || Number.isInteger(Math.log2(attempt));
}
