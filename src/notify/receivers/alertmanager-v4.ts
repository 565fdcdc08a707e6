/** The body that webhooks of Alertmanager get, version 4: what takes those takes ours. */

import type { Notice } from "../receiver.ts";
import { alertmanagerAnnotations, alertmanagerLabels, mapNames } from "./alertmanager-alert.ts";

/** What Alertmanager writes where there is no end yet. */
const noEnd = "0001-01-01T00:00:00Z";

export function toAlertmanagerV4({ alerts: noticed, group, leftOut }: Notice): object {
  const [{ transition: first }] = noticed;
  const alerts = noticed.map(({ transition }) => ({
    status: transition.state === "firing" ? "firing" : "resolved",
    labels: alertmanagerLabels(transition),
    annotations: alertmanagerAnnotations(transition),
    startsAt: transition.fired_at,
    endsAt: transition.ended_at ?? noEnd,
    generatorURL: "",
    fingerprint: transition.instance,
  }));
  const commonLabels = commonOf(alerts.map(({ labels }) => labels));
  return {
    receiver: "sluicegate",
    status: alerts.some(({ status }) => status === "firing") ? "firing" : "resolved",
    alerts,
    groupLabels: group === undefined ? commonLabels : mapNames(group.labels),
    commonLabels,
    commonAnnotations: commonOf(alerts.map(({ annotations }) => annotations)),
    externalURL: "",
    version: "4",
    groupKey: group?.key ?? first.instance,
    truncatedAlerts: leftOut,
  };
}

/** What all of them have, with the same text. */
function commonOf(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, text]) => others.every((other) => other[name] === text)),
  );
}
