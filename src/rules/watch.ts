/** A rule applied to one device: opened, or taken up again from what was saved. */
import { type AbsenceState, AbsenceWatch } from "./absence-watch.ts";
import type { AlarmState } from "./alarm.ts";
import type { Outbox } from "./outbox.ts";
import type { RuleDevice } from "./rule-device.ts";
import type { NamedRule } from "./rule-set.ts";
import { type ThresholdState, ThresholdWatch } from "./threshold-watch.ts";

export type Watch = ThresholdWatch | AbsenceWatch;

/** A watch as plain JSON. */
export type SavedWatch =
  | { readonly rule: string; readonly kind: "threshold"; readonly state: ThresholdState }
  | { readonly rule: string; readonly kind: "absent"; readonly state: AbsenceState };

/** From when on something is missed that never came. */
export interface MissedFrom {
  /** On the device's line. */
  readonly valueMs: number;
  /** In gateway time. */
  readonly aliveMs: number;
}

export function openWatch(
  rule: NamedRule,
  device: RuleDevice,
  outbox: Outbox,
  from: MissedFrom,
): Watch {
  const { condition } = rule;
  return condition.kind === "threshold"
    ? new ThresholdWatch(rule, condition, device, outbox, from.valueMs)
    : new AbsenceWatch(rule, condition, device, outbox, from.aliveMs);
}

/**
 * Goes on where a watch was saved, also when the rule was edited since: what fires goes on, and is
 * judged by the new condition. A condition of another kind starts without a value.
 */
export function restoreWatch(
  rule: NamedRule,
  device: RuleDevice,
  outbox: Outbox,
  saved: SavedWatch,
  from: MissedFrom,
): Watch {
  const { condition } = rule;
  const episode = {
    alarm: withoutPlace(saved.state.alarm),
    ...(saved.state.last && { last: saved.state.last }),
  };
  if (condition.kind === "threshold") {
    const { valueMs } = from;
    const unknown = { known: false, missing: false, valueAt: valueMs, unknownAt: valueMs };
    const state = saved.kind === "threshold" ? saved.state : { ...unknown, ...episode };
    return new ThresholdWatch(rule, condition, device, outbox, state);
  }
  const state = saved.kind === "absent" ? saved.state : { alive: from.aliveMs, ...episode };
  return new AbsenceWatch(rule, condition, device, outbox, state);
}

export function saveWatch(watch: Watch): SavedWatch {
  return watch.kind === "threshold"
    ? { rule: watch.rule.id, kind: watch.kind, state: watch.toState() }
    : { rule: watch.rule.id, kind: watch.kind, state: watch.toState() };
}

/** A value and a silence are judged on different lines. */
function withoutPlace({ at: _, ...state }: AlarmState): AlarmState {
  return state;
}
