/** A rule applied to one device: opened, or taken up again from what was saved. */
import { type AbsenceState, AbsenceWatch } from "./absence-watch.ts";
import { never } from "./alarm.ts";
import type { Outbox } from "./outbox.ts";
import type { RuleDevice } from "./rule-device.ts";
import type { NamedRule } from "./rule-set.ts";
import { type ThresholdState, ThresholdWatch } from "./threshold-watch.ts";

export type Watch = ThresholdWatch | AbsenceWatch;

/** A watch as plain JSON. */
export type SavedWatch = {
  readonly rule: string;
  /** Absent in snapshots of the first version. */
  readonly judges?: string;
  /**
   * Where on its line something may change without a word of the device; null for nowhere. Absent
   * where that is now, and in snapshots of the first version.
   */
  readonly due?: number | null;
} & (
  | { readonly kind: "threshold"; readonly state: ThresholdState }
  | { readonly kind: "absent"; readonly state: AbsenceState }
);

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
 * judged by the new condition. Undefined where the rule judges something else now.
 */
export function restoreWatch(
  rule: NamedRule,
  device: RuleDevice,
  outbox: Outbox,
  saved: SavedWatch,
): Watch | undefined {
  const { condition } = rule;
  if (saved.judges !== undefined && saved.judges !== judgesOf(rule)) return undefined;
  if (condition.kind === "threshold" && saved.kind === "threshold")
    return new ThresholdWatch(rule, condition, device, outbox, saved.state);
  if (condition.kind === "absent" && saved.kind === "absent")
    return new AbsenceWatch(rule, condition, device, outbox, saved.state);
  return undefined;
}

export function saveWatch(watch: Watch): SavedWatch {
  const { dueMs, rule } = watch;
  const due = dueMs === Number.POSITIVE_INFINITY ? null : dueMs;
  const common = { rule: rule.id, judges: judgesOf(rule), ...(due !== never && { due }) };
  return watch.kind === "threshold"
    ? { ...common, kind: watch.kind, state: watch.toState() }
    : { ...common, kind: watch.kind, state: watch.toState() };
}

/** What a rule looks at: while that is the same, what is known of it stays true over an edit. */
function judgesOf({ condition }: NamedRule): string {
  if (condition.kind === "absent") return `absent ${condition.of ?? ""}`;
  const [first] = condition.levels;
  const type = first && "value" in first.limit ? typeof first.limit.value : "number";
  return `threshold ${type} ${condition.metric}`;
}
