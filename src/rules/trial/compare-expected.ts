/** What must come of a test against what came, in words. */
import { formatQuantity } from "../../core/unit.ts";
import type { FoundTransition } from "./run-trial.ts";
import type { Expected } from "./trial.ts";

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** One thing that is not as expected. */
export interface Difference {
  /** Which of the expected ones it is about; undefined for one that nobody expected. */
  readonly at: number | undefined;
  readonly text: string;
}

/**
 * Nothing where all that is expected came, and nothing else. What is told to nobody need not be
 * expected, and may be.
 */
export function compareExpected(
  expected: readonly Expected[],
  found: readonly FoundTransition[],
  startMs: number,
): Difference[] {
  const left = new Set(found);
  const pairs = expected.map((wanted) => {
    const twin = [...left].find(
      (one) => isMeant(wanted, one) && atOf(one, startMs) === wanted.atMs,
    );
    if (twin) left.delete(twin);
    return { wanted, twin };
  });
  const differences = pairs.flatMap(({ twin, wanted }, at): Difference[] => {
    if (twin) {
      const others = differing(wanted, twin);
      return others.length === 0
        ? []
        : [{ at, text: `${sayExpected(wanted)}: ${others.join(", ")}` }];
    }
    const near = nearest(wanted, left, startMs);
    if (!near) return [{ at, text: `${sayExpected(wanted)} does not come` }];
    left.delete(near);
    const others = [`it is at ${sayAt(atOf(near, startMs))}`, ...differing(wanted, near)];
    return [{ at, text: `${sayExpected(wanted)}: ${others.join(", ")}` }];
  });
  for (const one of left)
    if (!one.quiet)
      differences.push({ at: undefined, text: `${sayFound(one, startMs)} is not expected` });
  return differences;
}

/** Nothing where both found the same; when and how late the hub learned of it may differ. */
export function compareRuns(
  base: readonly FoundTransition[],
  other: readonly FoundTransition[],
  startMs: number,
): Difference[] {
  const ids = (list: readonly FoundTransition[]): Set<string> => new Set(list.map(({ id }) => id));
  const [there, here] = [ids(base), ids(other)];
  const missing = base.filter(({ id }) => !here.has(id));
  const more = other.filter(({ id }) => !there.has(id));
  return [
    ...missing.map((one) => `${sayFound(one, startMs)} does not come here`),
    ...more.map((one) => `${sayFound(one, startMs)} comes only here`),
  ].map((text) => ({ at: undefined, text }));
}

function isMeant({ alert, device, labels, state }: Expected, found: FoundTransition): boolean {
  return (
    found.state === state &&
    (found.rule === alert || found.rule.endsWith(`/${alert}`)) &&
    (device === undefined || found.labels["device"] === device) &&
    Object.entries(labels).every(([name, text]) => found.labels[name] === text)
  );
}

function nearest(
  wanted: Expected,
  left: ReadonlySet<FoundTransition>,
  startMs: number,
): FoundTransition | undefined {
  const away = (one: FoundTransition): number => Math.abs(atOf(one, startMs) - wanted.atMs);
  return [...left]
    .filter((one) => isMeant(wanted, one))
    .sort((one, other) => away(one) - away(other))[0];
}

function differing(wanted: Expected, found: FoundTransition): string[] {
  return (["late", "stale", "severity", "reason", "value"] as const).flatMap((field) =>
    wanted[field] === undefined || wanted[field] === found[field]
      ? []
      : [`${field} is ${String(found[field] ?? "not there")}, not ${String(wanted[field])}`],
  );
}

function sayExpected({ alert, atMs, device, state }: Expected): string {
  return [alert, device, state, "at", sayAt(atMs)].filter((part) => part !== undefined).join(" ");
}

function sayFound(found: FoundTransition, startMs: number): string {
  const { labels, late, reason, rule, severity, state, unit, value } = found;
  const alert = rule.slice(rule.indexOf("/") + 1);
  const facts = [
    severity,
    reason,
    ...(value === undefined ? [] : [formatQuantity(value, unit)]),
    ...(late ? ["late"] : []),
  ];
  const who = labels["device"] ?? labels["gateway"] ?? labels["site"];
  return `${alert} ${who} ${state} at ${sayAt(atOf(found, startMs))} (${facts.join(", ")})`;
}

function atOf({ at }: FoundTransition, startMs: number): number {
  return Date.parse(at) - startMs;
}

/** Exact, in one unit: as it can be written into the test. */
export function sayAt(ms: number): string {
  const [unit, size] = units.find(([, each]) => ms !== 0 && ms % each === 0) ?? ["s", 1_000];
  return ms % size === 0 ? `${ms / size}${unit}` : `${ms}ms`;
}
