/** What a webhook gets, as its formats have it. */
import { cloudEventType } from "../../core/event-kind.ts";
import { traceOf } from "../../core/trace-context.ts";
import { isPlainChange } from "../notice-text.ts";
import type { Notice } from "../receiver.ts";

/** One change of one alert is its transition; anything else says so. */
export function toRaw(notice: Notice): object {
  const { alerts, attempt, cause, group, id, lateByReceiver, leftOut, sentAt } = notice;
  const told = { sent_at: sentAt, attempt, late_by_receiver: lateByReceiver };
  const [{ transition }] = alerts;
  if (isPlainChange(notice)) return { ...transition, ...told };
  return {
    schema: "alert.notice/1",
    id,
    cause,
    ...(group && { group }),
    alerts: alerts.map(({ changes, transition: alert }) => ({ ...alert, changes })),
    left_out: leftOut,
    ...told,
  };
}

/** As the attribute says: the trace that it came about in, not the span of this attempt. */
function carriedBy({ alerts }: Notice): object | undefined {
  for (const { transition } of alerts) {
    const trace = traceOf(transition);
    if (trace) return trace;
  }
  return undefined;
}

/** A CloudEvent around the same. */
export function toCloudEvent(notice: Notice): object {
  const [{ transition }] = notice.alerts;
  return {
    specversion: "1.0",
    id: notice.id,
    source: "/sluicegate/alerts",
    type: cloudEventType("alert-transition"),
    subject: notice.group?.key ?? transition.rule,
    time: transition.at,
    datacontenttype: "application/json",
    ...carriedBy(notice),
    data: toRaw(notice),
  };
}
