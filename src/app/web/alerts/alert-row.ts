/** An alert as a row of the page. */
import type { AlertView, Said } from "../../../alerts/alert-view.ts";
import type { AlertRow } from "../../../api/shapes/alert.ts";
import type { Said as SaidShape } from "../../../api/shapes/parts.ts";
import type { AlertTransition } from "../../../core/alert.ts";
import type { EpochMs } from "../../../core/clock.ts";
import { deviceKey } from "../../../core/device-key.ts";
import { isId, toDeviceId, toGatewayId, toSiteId } from "../../../core/ids.ts";
import { formatQuantity } from "../../../core/unit.ts";
import { nameOfAlert } from "../../../notify/alert-text.ts";

const mostSummary = 500;

/** `> `, as the rule compares; empty where nobody here knows the rule. */
export type SignOfLimit = (transition: AlertTransition) => string;

/** Undefined for an alert of which only actions are known. */
export function alertRowOf(view: AlertView, signOf: SignOfLimit): AlertRow | undefined {
  const { acked, ackRequired, instance, isFiring, isFlapping, last, site, state } = view;
  if (last === undefined) return undefined;
  const { outOfService, shelf, suppressedBy } = view;
  return {
    ...{ instance, site, state, isFiring, ackRequired, isFlapping },
    ...factsOf(last, signOf),
    acked: acked ? saidShape(acked) : null,
    shelf: shelf ? { ...saidShape(shelf), untilMs: shelf.untilMs, once: shelf.once } : null,
    outOfService: outOfService ? saidShape(outOfService) : null,
    suppressedBy: suppressedBy
      ? { instance: suppressedBy.instance, rule: suppressedBy.rule }
      : null,
  };
}

/** An episode that is over, as it was when it ended. */
export function endedRowOf(last: AlertTransition, signOf: SignOfLimit): AlertRow {
  return {
    ...{ instance: last.instance, site: last.labels["site"] ?? "", state: "normal" },
    ...{ isFiring: false, ackRequired: false, isFlapping: false },
    ...factsOf(last, signOf),
    ...{ acked: null, shelf: null, outOfService: null, suppressedBy: null },
  };
}

function factsOf(last: AlertTransition, signOf: SignOfLimit) {
  const { annotations, labels, rule, severity, unit, value } = last;
  const startedMs = Date.parse(last.started_at) || 0;
  return {
    gateway: labels["gateway"] ?? null,
    device: labels["device"] ?? null,
    deviceKey: deviceKeyOfLabels(labels),
    ...{ rule, severity, labels: { ...labels } },
    summary: (annotations["summary"] ?? nameOfAlert(last)).slice(0, mostSummary),
    value: value === undefined ? null : formatQuantity(value, unit),
    limit: limitText(last, signOf(last)),
    startedMs,
    firedMs: msOf(last.fired_at),
    endedMs: last.ended_at === null ? null : msOf(last.ended_at),
    learnedMs: msOf(last.observed_at) ?? startedMs,
    isLate: last.late,
    isStale: last.stale,
    judgedAt: last.evaluated === "edge" ? ("gateway" as const) : ("hub" as const),
  };
}

export function saidShape({ by, reason, storedMs }: Said): SaidShape {
  return { by, atMs: storedMs, reason: reason ?? null };
}

/** Null for an alert of a gateway or of a site. */
export function deviceKeyOfLabels({ device, gateway, site }: AlertTransition["labels"]) {
  if (site === undefined || gateway === undefined || device === undefined) return null;
  if (![site, gateway, device].every(isId)) return null;
  return deviceKey({ site: toSiteId(site), gateway: toGatewayId(gateway) }, toDeviceId(device));
}

/** `> -15 °C`, `2 to 8 °C`; null where there is none. */
function limitText({ limit, unit }: AlertTransition, sign: string): string | null {
  if (limit === undefined) return null;
  const bounds = typeof limit === "object" ? limit : [limit];
  return sign + bounds.map((bound) => formatQuantity(bound, unit)).join(" to ");
}

function msOf(time: string): EpochMs | null {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? null : ms;
}
