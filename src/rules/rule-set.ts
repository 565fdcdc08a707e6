/** All rules of all files, with their identities: what the engine evaluates. */
import { createHash } from "node:crypto";
import { parseDuration } from "../core/duration.ts";
import type { Checked, Fault } from "../core/fault.ts";
import { WeekTimes } from "../core/week-times.ts";
import type { AbsentCondition, Condition, Rule, RuleFile } from "./rule.ts";
import { orderRecords } from "./series/record-order.ts";
import type { NamedRecord, RecordRule } from "./series/record-rule.ts";
import { signalKeyOf } from "./signals/signal.ts";

/** A rule with its identity. */
export interface NamedRule extends Rule {
  /** `group/alert`. */
  readonly id: string;
  readonly group: string;
  /** In which its texts show times. */
  readonly zone: string;
  /** Of its `schedule`; absent: always. */
  readonly times?: WeekTimes;
  /** Hash of the fields that evaluate, 8 hex digits; words and severities are not in it. */
  readonly rev: string;
}

/** The rules that are evaluated together. Immutable. */
export interface RuleSet {
  /** Enabled rules, in order of files and lines. */
  readonly rules: readonly NamedRule[];
  /** Enabled rules that make series; one that is made of another stands behind it. */
  readonly records: readonly NamedRecord[];
  /** Hash over the identities and revisions of the rules, 8 hex digits. */
  readonly rev: string;
  /** What gateways found themselves is passed on as it comes; absent where it is found here. */
  readonly passesOn?: true;
}

/**
 * Joins the rules of all files. The first step of a fault's path is the index in `files`, the rest
 * leads into that file's value.
 */
export function buildRuleSet(files: readonly RuleFile[]): Checked<RuleSet> {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const [fileIndex, { groups }] of files.entries()) {
    for (const [groupIndex, { name }] of groups.entries()) {
      if (seen.has(name))
        faults.push({
          code: "rule.duplicate-group",
          path: [fileIndex, "groups", groupIndex, "name"],
          message: `group "${name}" is in another file too`,
          hint: "names of groups are unique over all files; rename one or join the two",
        });
      seen.add(name);
    }
  }
  const records = orderRecords(files);
  faults.push(...records.faults);
  if (faults.length > 0) return { ok: false, faults };
  const named = records.ordered.map((record) => ({ ...record, rev: recordRevision(record) }));
  const holds = new Map(named.map(({ every, record }) => [record, holdOfSeries(every)]));
  const rules = files
    .flatMap(({ groups }) => groups)
    .flatMap((group) =>
      group.rules.map((rule) => {
        const schedule = rule.schedule?.map((times) => ({
          ...times,
          zone: times.zone ?? group.zone,
        }));
        return {
          ...rule,
          holdMs: rule.holdMs ?? holds.get(metricOf(rule.condition) ?? ""),
          id: `${group.name}/${rule.alert}`,
          group: group.name,
          zone: group.zone,
          ...(schedule && { times: new WeekTimes(schedule) }),
          rev: revisionOf(rule, schedule),
          labels: { ...group.labels, ...rule.labels },
        };
      }),
    )
    .filter(({ enabled }) => enabled);
  return { ok: true, value: setOf(rules, named), warnings: [] };
}

/** A value of a series counts for three panes, whatever the device's own interval is. */
function holdOfSeries(every: string): number {
  return 3 * (parseDuration(every) ?? 0);
}

/** Those of the rules that the hub evaluates; what gateways find by the others is passed on. */
export function ofHub({ records, rules }: RuleSet): RuleSet {
  const own = rules.filter(({ evaluate }) => evaluate !== "edge");
  return { ...setOf(own, records), passesOn: true };
}

/** Those of the rules that a gateway evaluates itself, with the series that they may ask for. */
export function ofEdge({ records, rules }: RuleSet): RuleSet {
  const own = rules.filter(({ evaluate }) => evaluate === "edge");
  return setOf(own, own.length > 0 ? records : []);
}

function setOf(rules: readonly NamedRule[], records: readonly NamedRecord[]): RuleSet {
  const rev = shortHash([
    ...rules.map((rule) => `${rule.id} ${rule.rev}`),
    ...records.map((record) => `record ${record.record} ${record.rev}`),
  ]);
  return { rules, records, rev };
}

function recordRevision({ select, agg, every, zone, per, quality }: RecordRule): string {
  const choosing = { ...select, tags: Object.entries(select.tags).sort() };
  return shortHash([choosing, agg, every, zone, per, quality]);
}

function revisionOf(rule: Rule, schedule: Rule["schedule"]): string {
  const { condition, forSamples, select } = rule;
  const choosing = {
    ...select,
    tags: Object.entries(select.tags).sort(),
    ...(rule.where && { where: rule.where.text }),
  };
  const timing: unknown[] = [rule.keepFiringForMs, rule.holdMs, rule.onMissing, rule.quality];
  if (forSamples !== undefined) timing.push(forSamples);
  if (rule.per !== undefined) timing.push(rule.per);
  const when = schedule ? [schedule] : [];
  return shortHash([condition.kind, judgingOf(condition), choosing, timing, ...when]);
}

function judgingOf(condition: Condition): readonly unknown[] {
  if (condition.kind === "absent")
    return [condition.longerThanMs, condition.of, condition.forMs, ...intervalsOf(condition)];
  if (condition.kind === "expr") {
    const { clear, fire, forMs, onError } = condition;
    return [fire.text, clear?.text, forMs, onError];
  }
  const { levels, metric } = condition;
  const limits = levels.map((level) => ({ ...level, severity: undefined }));
  return condition.kind === "threshold"
    ? [metric, limits]
    : [metric, limits, signalKeyOf(condition)];
}

/** Nothing where there are none: what was hashed before there were any stays what it is. */
function intervalsOf({ intervals }: AbsentCondition): readonly number[] {
  return intervals === undefined ? [] : [intervals];
}

function shortHash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8);
}

/** The metric a condition looks at; undefined for one that looks at several, or at all of a device. */
export function metricOf(condition: Condition): string | undefined {
  if (condition.kind === "expr") return undefined;
  return condition.kind === "absent" ? condition.of : condition.metric;
}

/** The metrics that any of the rules asks for. */
export function metricsOf({ records, rules }: RuleSet): ReadonlySet<string> {
  const recorded = records.map(({ metric }) => metric);
  const names = rules.flatMap(({ select, condition }): readonly (string | undefined)[] =>
    condition.kind === "expr" ? condition.metrics : [select.metric, metricOf(condition)],
  );
  return new Set([...recorded, ...names.filter((name) => name !== undefined)]);
}
