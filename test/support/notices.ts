import type { AlertTransition } from "../../src/core/alert.ts";
import type { Notice } from "../../src/notify/receiver.ts";

/** A notice of these alerts, as it is tried for the first time; one alone is a change by itself. */
export function noticeOf(
  [first, ...others]: readonly [AlertTransition, ...AlertTransition[]],
  changes: Partial<Notice> = {},
): Notice {
  const alone = others.length === 0;
  const entry = (transition: AlertTransition) => ({ transition, changes: 1 });
  return {
    id: alone ? first.id : "a1b2c3d4e5f60718",
    cause: "change",
    alerts: [entry(first), ...others.map(entry)],
    group: alone ? undefined : { key: "site=plant-a", labels: { site: "plant-a" } },
    leftOut: 0,
    sentAt: "2026-11-21T14:02:10.000Z",
    attempt: 1,
    lateByReceiver: false,
    ...changes,
  };
}
