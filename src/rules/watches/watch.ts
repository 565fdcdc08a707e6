/**
 * A rule applied to one device: opened, or taken up again from what was saved. To add a kind: what
 * makes a signal of samples only, in `signal.ts`; else a watch of its own, here.
 */

import { never } from "../alarms/alarm.ts";
import type { Condition } from "../rule.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import type { Outbox } from "../words/outbox.ts";
import type { TransitionDraft } from "../words/transition.ts";
import { type AbsenceState, AbsenceWatch } from "./absence-watch.ts";
import type { ExprState } from "./expr-state.ts";
import { ExprWatch } from "./expr-watch.ts";
import { SignalWatch, type SignalWatchState } from "./signal-watch.ts";
import { type ThresholdState, ThresholdWatch } from "./threshold-watch.ts";

/** A watch of values, which lives on the device's line. */
export type ValueWatch = ThresholdWatch | SignalWatch | ExprWatch;

export type Watch = ValueWatch | AbsenceWatch;

/** A watch as plain JSON. */
export type SavedWatch = {
  readonly rule: string;
  /** Of a rule with an alert for each metric: which. */
  readonly metric?: string;
  /** Absent in snapshots of the first version. */
  readonly judges?: string;
  /**
   * Where on its line something may change without a word of the device; null for nowhere. Absent
   * where that is now, and in snapshots of the first version.
   */
  readonly due?: number | null;
} & (
  | { readonly kind: "threshold"; readonly state: ThresholdState }
  | { readonly kind: "signal"; readonly state: SignalWatchState }
  | { readonly kind: "expr"; readonly state: ExprState }
  | { readonly kind: "absent"; readonly state: AbsenceState }
);

/** From when on something is missed that never came. */
export interface MissedFrom {
  /** On the device's line. */
  readonly valueMs: number;
  /** In gateway time. */
  readonly aliveMs: number;
}

/** A new watch. */
export function openWatch(
  rule: NamedRule,
  device: RuleDevice,
  outbox: Outbox,
  from: MissedFrom,
): Watch {
  const { condition } = rule;
  switch (condition.kind) {
    case "absent":
      return new AbsenceWatch(rule, condition, device, outbox, from.aliveMs);
    case "threshold":
      return new ThresholdWatch(rule, condition, device, outbox, from.valueMs);
    case "expr":
      return new ExprWatch(rule, condition, device, outbox, from.valueMs);
    default:
      return new SignalWatch(rule, condition, device, outbox, from.valueMs);
  }
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
  if (saved.judges !== undefined && saved.judges !== judgesOf(condition)) return undefined;
  switch (saved.kind) {
    case "absent":
      return condition.kind === "absent"
        ? new AbsenceWatch(rule, condition, device, outbox, saved.state)
        : undefined;
    case "threshold":
      return condition.kind === "threshold"
        ? new ThresholdWatch(rule, condition, device, outbox, saved.state)
        : undefined;
    case "expr":
      return condition.kind === "expr"
        ? new ExprWatch(rule, condition, device, outbox, saved.state)
        : undefined;
    case "signal":
      return condition.kind === "threshold" ||
        condition.kind === "absent" ||
        condition.kind === "expr"
        ? undefined
        : new SignalWatch(rule, condition, device, outbox, saved.state);
  }
}

/** What `restoreWatch` takes. */
export function saveWatch(watch: Watch): SavedWatch {
  const { dueMs, rule } = watch;
  const due = dueMs === Number.POSITIVE_INFINITY ? null : dueMs;
  const common = {
    rule: rule.id,
    ...(rule.per === "metric" && rule.select.metric && { metric: rule.select.metric }),
    judges: judgesOf(rule.condition),
    ...(due !== never && { due }),
  };
  switch (watch.kind) {
    case "absent":
      return { ...common, kind: watch.kind, state: watch.toState() };
    case "threshold":
      return { ...common, kind: watch.kind, state: watch.toState() };
    case "expr":
      return { ...common, kind: watch.kind, state: watch.toState() };
    case "signal":
      return { ...common, kind: watch.kind, state: watch.toState() };
  }
}

/** What a rule looks at: while that is the same, what is known of it stays true over an edit. */
function judgesOf(condition: Condition): string {
  switch (condition.kind) {
    case "absent":
      return `absent ${condition.of ?? ""}`;
    case "threshold": {
      const [first] = condition.levels;
      const type = first && "value" in first.limit ? typeof first.limit.value : "number";
      return `threshold ${type} ${condition.metric}`;
    }
    case "expr":
      return "expr";
    default:
      return `${condition.kind} ${condition.metric}`;
  }
}

/** True where the alert of `stored`, which is about the watch's device, is the watch's own. */
export function tellsOf(
  { rule: { id, per, select } }: Watch,
  { labels, rule }: TransitionDraft,
): boolean {
  return id === rule && (per !== "metric" || select.metric === labels["metric"]);
}
