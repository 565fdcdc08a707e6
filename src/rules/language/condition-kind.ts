/**
 * What a kind of condition gives to the rule that has it. Its schema makes one of these of what
 * people wrote; what it needs of the other fields of the rule, it asks for here.
 */
import type { Severity } from "../../core/alert.ts";
import type { Quality } from "../../core/measurement.ts";
import type { Condition, OnMissing } from "../rule.ts";

/** A condition as it was written. */
export interface WrittenCondition {
  /** What does not go with it in the rule around it. */
  refuse(rule: RuleAround): Iterable<Refusal>;
  /** The condition, with what the rule around it says. Also asked where that has faults. */
  complete(rule: RuleAround): Condition;
}

/** The fields beside a condition that kinds look at, as they were written. */
export interface RuleAround {
  readonly select: { readonly metric?: string | undefined };
  /** What one alert is of; undefined: a device. */
  readonly per?: "metric" | "gateway" | "site" | undefined;
  readonly severity?: Severity | undefined;
  /** Milliseconds, as all durations. */
  readonly for?: number | undefined;
  readonly for_samples?: number | undefined;
  readonly hold?: number | undefined;
  readonly on_missing?: OnMissing | undefined;
  readonly quality?: readonly Quality[] | undefined;
}

/** Something that is wrong in a rule, and where: the path begins in the rule. */
export interface Refusal {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The severities, from mild to severe. */
export const severities = ["info", "warning", "critical"] as const satisfies readonly Severity[];

/** One alert has one severity: that of the rule, or those of levels. */
export function* refuseSeverity(rule: RuleAround, hasLevels: boolean): Iterable<Refusal> {
  const path = ["severity"];
  if (hasLevels && rule.severity !== undefined)
    yield { path, message: "the levels say how severe it is; leave it out" };
  if (!hasLevels && rule.severity === undefined)
    yield { path, message: `missing field "severity"; one of ${severities.join(", ")}` };
}

/** For a condition that looks at one metric; `what` it is called. */
export function* refuseNoMetric({ select }: RuleAround, what: string): Iterable<Refusal> {
  if (select.metric === undefined)
    yield { path: ["select", "metric"], message: `${what} is about one metric; name it` };
}

/** Fields that mean nothing beside a condition; `why` comes before the name of the field. */
export function* refuseFields(
  rule: RuleAround,
  fields: readonly Exclude<keyof RuleAround, "select">[],
  why: string,
): Iterable<Refusal> {
  for (const field of fields)
    if (rule[field] !== undefined)
      yield { path: [field], message: `${why} ${field}; leave it out` };
}
