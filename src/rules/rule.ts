/** Alert rules as the engine knows them: checked, with every default filled in. */
import type { AlertHandling, Severity } from "../core/alert.ts";
import type { Quality } from "../core/measurement.ts";
import type { WeekTimesForm } from "../core/week-times-form.ts";
import type { WhereExpression } from "./rule-expression.ts";
import type { RecordRule } from "./series/record-rule.ts";
import type { AnomalyCondition } from "./signals/anomaly-signal.ts";
import type { RateCondition } from "./signals/rate-signal.ts";
import type { StuckCondition } from "./signals/stuck-signal.ts";
import type { WindowCondition } from "./signals/window-signal.ts";
import type { ExprCondition } from "./watches/expr-condition.ts";
import type { Template } from "./words/template.ts";

/** One rule file that was checked. */
export interface RuleFile {
  readonly groups: readonly RuleGroup[];
}

/** Rules under one name; the name is part of the identity of their alerts. */
export interface RuleGroup {
  readonly name: string;
  /** Given to every alert of the group; a rule's own labels win. */
  readonly labels: Readonly<Record<string, Template>>;
  /** Of times in its texts. */
  readonly zone: string;
  readonly rules: readonly Rule[];
  readonly records?: readonly RecordRule[];
}

/** One rule. `group/alert` is its identity. */
export interface Rule {
  readonly alert: string;
  readonly description?: string;
  /** A rule that is not enabled is checked and otherwise treated as if it were not there. */
  readonly enabled: boolean;
  readonly select: Select;
  /** What one alert is of; absent: a device. */
  readonly per?: "metric" | "gateway" | "site";
  /** More alerts than so many of one gateway are left out; undefined: `maxInstances`. */
  readonly maxInstances?: number;
  /** Of the selected devices only those for which it holds. */
  readonly where?: WhereExpression;
  readonly condition: Condition;
  /** So many samples in a row must breach, in place of a time; undefined: `for` of the condition. */
  readonly forSamples: number | undefined;
  readonly keepFiringForMs: number;
  /** How long a sample counts as the current value; undefined: from the device's interval. */
  readonly holdMs: number | undefined;
  readonly onMissing: OnMissing;
  /** Samples of other quality make the condition unknown. */
  readonly quality: readonly Quality[];
  /** When it is judged; absent: always. Times without a zone are in that of the group. */
  readonly schedule?: readonly WeekTimesForm[];
  readonly labels: Readonly<Record<string, Template>>;
  readonly annotations: Readonly<Record<string, Annotation>>;
  /** Absent where all is as usual. */
  readonly handling?: AlertHandling;
  /** By each gateway itself; absent: at the hub. */
  readonly evaluate?: "edge";
}

/** What is said while an alert fires, and when it ended. */
export interface Annotation {
  readonly firing: Template;
  readonly ended: Template;
}

/** What happens when the value is older than `hold`. */
export type OnMissing = "keep" | "resolve" | "fire";

/** Which devices, and which of their metrics. Everything given must match. */
export interface Select {
  /** Patterns with `*`; one of a list suffices. Undefined matches everything. */
  readonly profile?: readonly string[];
  readonly site?: readonly string[];
  readonly gateway?: readonly string[];
  readonly device?: readonly string[];
  readonly tags: Readonly<Record<string, readonly string[]>>;
  /** One metric, by its name. Only devices that have it are selected. */
  readonly metric?: string;
  /** Patterns in place of it, for a rule with an alert for each metric. */
  readonly metrics?: readonly string[];
}

export type Condition = ThresholdCondition | SignalCondition | ExprCondition | AbsentCondition;

/** Samples are made into something else, and that is compared with limits: see `signal.ts`. */
export type SignalCondition = RateCondition | StuckCondition | AnomalyCondition | WindowCondition;

/** What a condition has that compares with limits. */
export interface LeveledCondition {
  readonly metric: string;
  /** From mild to severe; one where the rule names no levels. */
  readonly levels: readonly Level[];
}

/** A value is beyond a limit. */
export interface ThresholdCondition extends LeveledCondition {
  readonly kind: "threshold";
}

/** Nothing was received for too long. */
export interface AbsentCondition {
  readonly kind: "absent";
  /** With `intervals` at least so long. */
  readonly longerThanMs: number;
  /** So many intervals of the device, as its profile says; devices without one are not watched. */
  readonly intervals?: number;
  /** Only samples of this metric prove life; undefined: any word of the device does. */
  readonly of: string | undefined;
  readonly severity: Severity;
  readonly forMs: number;
}

/** A limit with its consequence. */
export interface Level {
  readonly severity: Severity;
  readonly forMs: number;
  readonly limit: Limit;
  /** How far back past the limit a value must come before it counts as normal. */
  readonly deadband: number;
}

export type Limit =
  | { readonly kind: "above" | "below"; readonly bound: Bound }
  | { readonly kind: "outside" | "inside"; readonly low: Bound; readonly high: Bound }
  | { readonly kind: "equals" | "not_equals"; readonly value: number | boolean | string };

/** A number, or the attribute of the device that holds it and what to take where there is none. */
export type Bound = number | { readonly attr: string; readonly default: number };
