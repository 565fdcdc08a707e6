import type { AlertTransition } from "../core/alert.ts";
import type { Clock, EpochMs } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import { printable } from "../core/printable.ts";
import type { SpanSink } from "../core/span.ts";
import type { AttemptLog } from "./attempt-log.ts";
import type { Delivery, Notice, NoticeContent, Receiver } from "./receiver.ts";
import { shorten } from "./shorten.ts";
import { addNoticeSpans, noticeTrace } from "./traced-notice.ts";

/** What waited longer than this was late by the receiver. */
const lateAfterMs = 10_000;
const mostReason = 500;
/** So many attempts of a notice are logged one by one, behind them each time their number doubles. */
const loggedOneByOne = 16;

export interface AttemptDependencies {
  readonly receiver: Pick<Receiver, "deliver">;
  /** The receiver's name. */
  readonly name: string;
  /** How long a notice is tried. */
  readonly giveUpAfterMs: number;
  readonly attempts: AttemptLog;
  /** Takes spans of alerts with a trace; absent where nobody collects them. */
  readonly spans?: SpanSink | undefined;
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
  /** How long it has waited for the receiver. */
  readonly waitedMs: number;
}

/** What is told, and since when the last of it was there. */
export interface AttemptedNotice {
  readonly content: NoticeContent;
  readonly storedMs: EpochMs;
}

/** What a receiver made of it; `givenUp` where it may have been taken later. */
export type AttemptOutcome = Delivery & { readonly givenUp?: true };

/** One change of one alert, as a notice. */
export function plainNotice(transition: AlertTransition): NoticeContent {
  const alerts = [{ transition, changes: 1 }] as const;
  return { id: transition.id, cause: "change", alerts, group: undefined, leftOut: 0 };
}

/**
 * Tells one receiver of one notice, once, and logs how that went. A refusal is only given back once
 * the dead letters are stored: nobody else remembers what was given up. Where a receiver refuses a
 * notice of several alerts none is stored: each of them can be told by itself. Undefined where the
 * signal cut it off, so that nobody knows how it went.
 */
export async function attemptNotice(
  { content, storedMs }: AttemptedNotice,
  history: AttemptHistory,
  signal: AbortSignal,
  deps: AttemptDependencies,
): Promise<AttemptOutcome | undefined> {
  const { attempts, clock, name, onAttempt, spans } = deps;
  const attempt = history.attempts + 1;
  const told = { receiver: name, attempt, content };
  // Waiting for the receiver, and not since before the alert was there.
  const waitedMs = Math.min(history.waitedMs, clock.wallMs() - storedMs);
  const notice: Notice = {
    ...content,
    sentAt: formatTime(clock.wallMs()),
    attempt,
    lateByReceiver: waitedMs >= lateAfterMs,
    trace: noticeTrace(told, spans),
  };
  const startMs = clock.wallMs();
  let delivery: AttemptOutcome = await deliver(notice, signal, deps.receiver);
  if (spans) addNoticeSpans(spans, told, startMs, clock.wallMs(), delivery);
  if (delivery.kind !== "delivered" && signal.aborted) return undefined;
  const [{ transition }, ...others] = content.alerts;
  if (delivery.kind === "refused" && others.length > 0) return delivery;
  if (delivery.kind === "failed" && history.triedForMs >= deps.giveUpAfterMs)
    delivery = { kind: "refused", reason: `${delivery.reason}; given up`, givenUp: true };

  const receiver = name;
  const factsOf = ({ id, instance }: AlertTransition) => ({
    ...{ receiver, transition: id, instance, attempt },
  });
  if (delivery.kind === "refused") {
    const { reason } = delivery;
    for (const { transition: alert } of content.alerts) {
      const letter = { ...factsOf(alert), outcome: "dead-letter", reason, alert } as const;
      if (!(await attempts.record(letter)))
        delivery = { kind: "failed", reason: `${reason}; the dead letter could not be stored` };
    }
    onAttempt(delivery);
    return delivery;
  }
  onAttempt(delivery);
  if (delivery.kind === "delivered")
    await Promise.all(
      content.alerts.map((one) =>
        attempts.record({ ...factsOf(one.transition), outcome: "delivered" }),
      ),
    );
  else if (isLogged(attempt)) {
    const { reason } = delivery;
    await attempts.record({ ...factsOf(transition), outcome: "failed", reason });
  }
  return delivery;
}

async function deliver(
  notice: Notice,
  signal: AbortSignal,
  receiver: Pick<Receiver, "deliver">,
): Promise<Delivery> {
  try {
    return withinBounds(await receiver.deliver(notice, signal));
  } catch (thrown) {
    const { message } = GatewayError.from(thrown, "receiver.unavailable", "cannot tell");
    return withinBounds({ kind: "failed", reason: message });
  }
}

/** What the other side said is kept, listed and printed: a certificate alone may say a lot. */
function withinBounds(delivery: Delivery): Delivery {
  if (delivery.kind === "delivered") return delivery;
  return { ...delivery, reason: printable(shorten(delivery.reason, mostReason)) };
}

function isLogged(attempt: number): boolean {
  return attempt <= loggedOneByOne || Number.isInteger(Math.log2(attempt));
}
