/** One number of one rule, tried with several values: `MotorHot.levels[0].above=70..95:5`. */
import { formatDuration, parseDuration } from "../../core/duration.ts";
import { isObject } from "../../core/is-object.ts";
import { valueAt } from "../../schema/schema-issue.ts";

export interface Sweep {
  /** `alert` or `group/alert`. */
  readonly alert: string;
  readonly path: readonly (string | number)[];
  /** What stands for `=`: numbers, or durations as text. */
  readonly values: readonly (number | string)[];
}

/** Each is a rule engine of its own. */
const maxValues = 100;

export type SweepProblem = { readonly problem: string };

/** Takes apart what a person wrote. */
export function parseSweep(text: string): Sweep | SweepProblem {
  const [, place = "", low = "", high = "", step = ""] =
    /^([^=]+)=(.+?)\.\.(.+?):(.+)$/.exec(text) ?? [];
  const [alert = "", ...steps] = place.split(/[.[]/);
  if (alert === "" || steps.length === 0)
    return {
      problem: "write <alert>.<field>=<from>..<to>:<step>, such as Warm.threshold.above=-18..-10:1",
    };
  const path = steps.map((part) => (part.endsWith("]") ? Number(part.slice(0, -1)) : part));
  const values = valuesOf(low, high, step);
  return "problem" in values ? values : { alert, path, values };
}

function valuesOf(low: string, high: string, step: string): (number | string)[] | SweepProblem {
  const isTime = parseDuration(high) !== undefined;
  const read = (text: string): number =>
    isTime ? (parseDuration(text) ?? Number.NaN) : Number(text);
  const [from, to, by] = [read(low), read(high), read(step)];
  if (![from, to, by].every(Number.isFinite) || by <= 0 || to < from)
    return {
      problem: `${low}..${high}:${step} is no range; write the lower end first, and how far apart`,
    };
  const count = Math.floor((to - from) / by + 1e-9) + 1;
  if (count > maxValues) return { problem: `${count} values are too many; ${maxValues} at most` };
  return Array.from({ length: count }, (_, at) => {
    const value = Number((from + at * by).toPrecision(12));
    return isTime ? durationText(value) : value;
  });
}

function durationText(ms: number): string {
  return parseDuration(formatDuration(ms)) === ms ? formatDuration(ms) : `${ms}ms`;
}

/**
 * The values of rule files with that rule alone, and another number in it; series that rules make
 * stay, since it may be about one.
 */
export function withValue(
  written: readonly unknown[],
  { alert, path }: Sweep,
  value: number | string,
): { readonly files: readonly unknown[] } | SweepProblem {
  const files: unknown[] = [];
  let isFound: boolean = false;
  for (const file of structuredClone(written)) {
    const groups: unknown[] = [];
    for (const group of listAt(file, "groups")) {
      const all = listAt(group, "rules");
      const rule = isFound ? undefined : all.find((one) => isNamed(alert, group, one));
      const problem = rule === undefined ? undefined : put(rule, alert, path, value);
      if (problem) return problem;
      if (rule !== undefined) isFound = true;
      const rules = all.filter((one) => one === rule || isSeries(one));
      if (rules.length > 0 && isObject(group)) groups.push({ ...group, rules });
    }
    if (groups.length > 0 && isObject(file)) files.push({ ...file, groups });
  }
  return isFound ? { files } : { problem: `there is no rule ${alert}` };
}

function isSeries(rule: unknown): boolean {
  return valueAt(rule, ["record"]) !== undefined;
}

function put(
  rule: unknown,
  alert: string,
  path: readonly (string | number)[],
  value: number | string,
): SweepProblem | undefined {
  const condition = valueAt(rule, ["condition"]);
  const [kind = ""] = isObject(condition) ? Object.keys(condition) : [];
  const places = [path, ["condition", ...path], ["condition", kind, ...path]];
  const place = places.find((each) => valueAt(rule, each) !== undefined);
  const name = path.join(".");
  if (!place) return { problem: `${alert} has no ${name}` };
  const found = valueAt(rule, place);
  if (isObject(found) && "attr" in found)
    return { problem: `${alert}.${name} is an attribute of devices; write ${name}.default` };
  const isTime = typeof value === "string";
  if (
    isTime
      ? typeof found !== "string" || parseDuration(found) === undefined
      : typeof found !== "number"
  )
    return {
      problem: `${alert}.${name} is ${JSON.stringify(found)}, no ${isTime ? "duration" : "number"}`,
    };
  const holder = valueAt(rule, place.slice(0, -1));
  if (typeof holder === "object" && holder !== null)
    Object.assign(holder, { [place.at(-1) ?? ""]: value });
  return undefined;
}

function isNamed(name: string, group: unknown, rule: unknown): boolean {
  const alert = valueAt(rule, ["alert"]);
  return alert === name || `${String(valueAt(group, ["name"]))}/${String(alert)}` === name;
}

function listAt(value: unknown, field: string): readonly unknown[] {
  const list = valueAt(value, [field]);
  return Array.isArray(list) ? list : [];
}
