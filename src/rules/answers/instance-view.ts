/** The state of one alert of one device, in words that people can check. */
import type { AlertState } from "../../core/alert.ts";
import type { Origin } from "../../core/event.ts";
import { formatTime } from "../../core/event-codec.ts";
import { type DeviceId, toDeviceId } from "../../core/ids.ts";
import { formatQuantity } from "../../core/unit.ts";
import { never } from "../alarms/alarm.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import type { AbsenceWatch } from "../watches/absence-watch.ts";
import type { ValueWatch, Watch } from "../watches/watch.ts";
import type { TransitionDraft } from "../words/transition.ts";
import { factsOf } from "./instance-facts.ts";
import { whyNotSelected } from "./why-not-selected.ts";

export interface InstanceView extends Origin {
  /** `group/alert`. */
  readonly rule: string;
  readonly alert: string;
  readonly device: DeviceId;
  readonly state: AlertState;
  /** The last transition of the open episode; absent while none is open. */
  readonly last?: TransitionDraft;
  /** How far the device's line was judged; absent before its first sample. */
  readonly judgedTo?: string;
  /** When the state changes if nothing else does; absent when it stays. */
  readonly due?: string;
  /** Why it is in this state, one sentence each. */
  readonly reasons: readonly string[];
  /** What it waits for, and what else decides. */
  readonly facts: readonly string[];
}

/** A device that a rule is not about. */
export interface UnwatchedView extends Origin {
  readonly rule: string;
  readonly alert: string;
  readonly device: DeviceId;
  readonly state: "unwatched";
  /** What of the rule does not fit, one sentence each. */
  readonly reasons: readonly string[];
}

/** Why a rule does not watch a device. */
export function viewUnwatched(rule: NamedRule, device: RuleDevice): UnwatchedView {
  const { device: id, gateway, site } = device;
  const reasons = whyNotSelected(rule, device);
  if (reasons.length === 0) reasons.push("it watches too many devices already");
  return {
    site,
    gateway,
    rule: rule.id,
    alert: rule.alert,
    device: id,
    state: "unwatched",
    reasons,
  };
}

/** An alert of many devices before the end of its first window. */
export function viewFresh(rule: NamedRule, of: "gateway" | "site", origin: Origin): InstanceView {
  return {
    ...origin,
    rule: rule.id,
    alert: rule.alert,
    device: toDeviceId(""),
    state: "ok",
    reasons: [`no window of the whole ${of} is over yet`],
    facts: [],
  };
}

export function viewInstance(watch: Watch, device: DeviceId, origin: Origin): InstanceView {
  const { rule, alarm } = watch;
  const { atMs, state } = alarm;
  return {
    ...origin,
    rule: rule.id,
    alert: rule.alert,
    device,
    state,
    ...(watch.last && { last: watch.last }),
    ...(atMs !== never && { judgedTo: formatTime(atMs) }),
    ...(Number.isFinite(alarm.dueMs) && { due: formatTime(alarm.dueMs) }),
    reasons: [
      ...saySubject(watch),
      ...(watch.kind === "signal" && watch.reason !== undefined ? [watch.reason] : []),
      ...(state === "ok" ? [] : [`the breach began at ${formatTime(alarm.startedMs)}`]),
    ],
    facts: factsOf(watch),
  };
}

function saySubject(watch: Watch): readonly string[] {
  if (watch.kind === "expr") return watch.reasons;
  return [watch.kind === "absent" ? sayHeard(watch) : sayValue(watch)];
}

function sayValue({ held, limit, metric }: Exclude<ValueWatch, { kind: "expr" }>): string {
  const { known, missing, unit, value, valueMs } = held;
  if (value === undefined) return `no usable value of ${metric} yet`;
  const said = `${metric} is ${formatQuantity(value, unit)} since ${formatTime(valueMs)}`;
  const bound = limit === undefined ? "" : `, the limit is ${[limit].flat().join(" to ")}`;
  if (missing) return `${said}, too old to count${bound}`;
  return known ? said + bound : `${said}, but what came after it cannot be judged${bound}`;
}

function sayHeard({ aliveMs, of }: AbsenceWatch): string {
  return `${of ?? "the device"} was last heard at ${formatTime(aliveMs)}`;
}
