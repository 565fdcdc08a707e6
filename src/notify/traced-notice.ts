/** The traces of what a receiver is told of: one goes with the notice, each has a span of the attempt. */
import type { EpochMs } from "../core/clock.ts";
import { type Span, type SpanSink, traceBelow } from "../core/span.ts";
import { type CarriedTrace, traceOf } from "../core/trace-context.ts";
import type { Delivery, NoticeContent } from "./receiver.ts";

/** Of one notice so many traces are followed. */
const mostTraces = 32;

/** One attempt to tell a receiver. */
export interface TracedAttempt {
  readonly receiver: string;
  readonly attempt: number;
  readonly content: NoticeContent;
}

/**
 * What goes with the notice: the trace of the first alert in it that carries one. Where spans are
 * collected, what the receiver does stands below the span of the attempt.
 */
export function noticeTrace(
  told: TracedAttempt,
  spans: SpanSink | undefined,
): CarriedTrace | undefined {
  for (const { transition } of told.content.alerts) {
    const trace = traceOf(transition);
    if (trace) return spans ? traceBelow(trace, spanOf(told, transition.id)) : trace;
  }
  return undefined;
}

/** Adds a span for each trace in the notice. */
export function addNoticeSpans(
  spans: SpanSink,
  told: TracedAttempt,
  startMs: EpochMs,
  endMs: EpochMs,
  delivery: Delivery,
): void {
  const seen = new Set<string>();
  for (const { transition } of told.content.alerts) {
    const trace = traceOf(transition);
    if (!trace || seen.has(trace.traceparent) || seen.size === mostTraces) continue;
    seen.add(trace.traceparent);
    const { id, labels, rule, state } = transition;
    spans.add({
      ...{ role: "notifier", trace, startMs, endMs, ...spanOf(told, id) },
      attributes: {
        "sluicegate.receiver": told.receiver,
        "sluicegate.attempt": told.attempt,
        "sluicegate.transition.id": id,
        "sluicegate.rule": rule,
        "sluicegate.alert.state": state,
        "sluicegate.site": labels["site"] ?? "",
      },
      failure: delivery.kind === "delivered" ? undefined : delivery.reason,
    });
  }
}

function spanOf(
  { attempt, content, receiver }: TracedAttempt,
  transition: string,
): Pick<Span, "name" | "about"> {
  return { name: "notified", about: `${receiver} ${content.id} ${transition} ${attempt}` };
}
