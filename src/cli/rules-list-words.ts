/** Rules in a few words each. */
import { formatDuration } from "../core/duration.ts";
import type { WeekTimesForm } from "../core/week-times-form.ts";
import { type RulesOptions, reservedRulesOf } from "../rules/options.ts";
import { reservedNames } from "../rules/reserved/chosen-rules.ts";
import { reservedGroup } from "../rules/reserved/reserved-rules.ts";
import type { Condition, Rule } from "../rules/rule.ts";

/** One rule, or one series that rules make. */
export interface RuleRow {
  readonly rule: string;
  readonly kind: string;
  readonly severity: string;
  readonly enabled: boolean;
  /** Whom it is about, in words. */
  readonly selects: string;
  /** How fast it fires and ends, and what else of it is not as usual. */
  readonly when: string;
  /** Undefined where no processor could be asked. */
  readonly instances?: number;
  readonly pending?: number;
  readonly firing?: number;
}

export function kindOf({ kind }: Condition): string {
  return kind;
}

/** One, or all of its levels. */
export function severityOf(condition: Condition): string {
  return "levels" in condition
    ? condition.levels.map(({ severity }) => severity).join(", ")
    : condition.severity;
}

/** Whom it is about. */
export function selectWords({ select, where }: Pick<Rule, "select" | "where">): string {
  const { device, gateway, metric, profile, site, tags } = select;
  const parts = Object.entries({ profile, site, gateway, device, ...tags }).flatMap(
    ([name, patterns]) => (patterns === undefined ? [] : [`${name} ${patterns.join(" or ")}`]),
  );
  if (metric !== undefined) parts.push(`metric ${metric}`);
  if (where) parts.push(`where ${where.text}`);
  return parts.length === 0 ? "every device" : parts.join(", ");
}

/** How fast it fires and ends, and what else of it is not as usual. */
export function whenWords(rule: Rule): string {
  const { condition, evaluate, forSamples, handling, keepFiringForMs, onMissing, schedule } = rule;
  const fors =
    "levels" in condition ? condition.levels.map(({ forMs }) => forMs) : [condition.forMs];
  const parts = [
    ...(condition.kind === "absent" && condition.longerThanMs > 0
      ? [`silent for ${formatDuration(condition.longerThanMs)}`]
      : []),
    ...(forSamples === undefined ? [] : [`for ${forSamples} samples`]),
    ...(fors.some((ms) => ms > 0) ? [`for ${fors.map(formatDuration).join(", ")}`] : []),
    ...(keepFiringForMs > 0 ? [`ends after ${formatDuration(keepFiringForMs)}`] : []),
    ...(onMissing === "keep" ? [] : [`on_missing ${onMissing}`]),
    ...(handling?.latch ? ["latched"] : []),
    ...(evaluate === "edge" ? ["at the edge"] : []),
    ...(schedule ? [`at ${schedule.map(weekWords).join(" or ")}`] : []),
  ];
  return parts.length === 0 ? "at once" : parts.join(", ");
}

function weekWords({ dates = [], hours = [], weekdays = [], zone }: WeekTimesForm): string {
  const words = [...weekdays, ...dates, ...hours].join(" ");
  return zone === undefined ? words : `${words} ${zone}`;
}

/** Those that come with the program, as the configuration has them. */
export function reservedRows(options: RulesOptions): RuleRow[] {
  const rules = new Map(Object.entries(reservedRulesOf(options)));
  const rows = reservedNames.map((name) => {
    const rule: object | undefined = rules.get(`${name.charAt(0).toLowerCase()}${name.slice(1)}`);
    const severity = rule && "severity" in rule ? String(rule.severity) : "warning, critical";
    return reservedRow(name, severity, rule !== undefined);
  });
  return [...rows, reservedRow("RulesBroken", "critical", true)];
}

function reservedRow(name: string, severity: string, enabled: boolean): RuleRow {
  return {
    ...{ rule: `${reservedGroup}/${name}`, kind: "reserved", severity, enabled },
    selects: subjects[name] ?? "every device",
    when: "comes with the program",
  };
}

/** Of those that are not about devices. */
const subjects: Readonly<Record<string, string>> = {
  GatewayOffline: "every gateway",
  BufferFilling: "every gateway",
  DataLost: "every gateway",
  SpaceLow: "every gateway",
  DiskSlow: "every gateway",
  ClockStepped: "every gateway",
  RulesBroken: "the rule files",
};
