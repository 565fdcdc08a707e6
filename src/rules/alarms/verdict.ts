/** Compares a value with the limits of a rule, as they are for one device. */
import type { Severity } from "../../core/alert.ts";
import type { Bound, Level, Limit } from "../rule.ts";
import type { RuleDevice } from "../rule-device.ts";

type Value = number | boolean | string;

/** A level whose limit is known. */
export interface DeviceLevel {
  readonly severity: Severity;
  readonly forMs: number;
  /** What a transition says about the limit. */
  readonly limit: Value | readonly [number, number];
  /** Numbers from the first to the last are normal; where that is turned around, nobody says which. */
  readonly normal: NormalRange;
  /** The value is beyond the limit, on the way back within the deadband, or normal. */
  judge(value: Value): Judgment;
}

export type NormalRange = readonly [lowest: number, highest: number];

type Judgment = "breach" | "deadband" | "normal" | "not-comparable";

const unsaid: NormalRange = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** A level with the attributes of the device filled in. */
export function levelFor(level: Level, device: RuleDevice): DeviceLevel {
  const { severity, forMs } = level;
  return { severity, forMs, ...limitFor(level.limit, level.deadband, device) };
}

/**
 * The index of the most severe level that is breached, -1 for none. A level is breached when its
 * own limit or that of a more severe one is; within the deadband it stays as it `was` (an index,
 * too). Undefined for a value that cannot be compared, such as text with a number.
 */
export function judgeLevels(
  levels: readonly DeviceLevel[],
  value: Value,
  was: number,
): number | undefined {
  for (let index = levels.length - 1; index >= 0; index -= 1) {
    const judgment = levels[index]?.judge(value);
    if (judgment === "not-comparable") return undefined;
    if (judgment === "breach" || (judgment === "deadband" && index <= was)) return index;
  }
  return -1;
}

function limitFor(
  limit: Limit,
  deadband: number,
  device: RuleDevice,
): Pick<DeviceLevel, "limit" | "normal" | "judge"> {
  switch (limit.kind) {
    case "above": {
      const bound = boundFor(limit.bound, device);
      return {
        limit: bound,
        normal: [Number.NEGATIVE_INFINITY, bound],
        judge: numeric((value) => value - bound, deadband),
      };
    }
    case "below": {
      const bound = boundFor(limit.bound, device);
      return {
        limit: bound,
        normal: [bound, Number.POSITIVE_INFINITY],
        judge: numeric((value) => bound - value, deadband),
      };
    }
    case "outside": {
      const [low, high] = [boundFor(limit.low, device), boundFor(limit.high, device)];
      const excess = (value: number): number => Math.max(low - value, value - high);
      return { limit: [low, high], normal: [low, high], judge: numeric(excess, deadband) };
    }
    case "inside": {
      const [low, high] = [boundFor(limit.low, device), boundFor(limit.high, device)];
      const excess = (value: number): number => Math.min(value - low, high - value);
      return { limit: [low, high], normal: unsaid, judge: numeric(excess, deadband, true) };
    }
    case "equals":
    case "not_equals": {
      const { kind, value: wanted } = limit;
      return {
        limit: wanted,
        normal: unsaid,
        judge(value) {
          if (typeof value !== typeof wanted) return "not-comparable";
          return (value === wanted) === (kind === "equals") ? "breach" : "normal";
        },
      };
    }
  }
}

/** `excess` is how far a value is beyond the limit; `atLimit` says whether the limit itself is. */
function numeric(
  excess: (value: number) => number,
  deadband: number,
  atLimit = false,
): DeviceLevel["judge"] {
  return (value) => {
    if (typeof value !== "number") return "not-comparable";
    const beyond = excess(value);
    if (beyond > 0 || (atLimit && beyond === 0)) return "breach";
    return beyond > -deadband ? "deadband" : "normal";
  };
}

function boundFor(bound: Bound, device: RuleDevice): number {
  if (typeof bound === "number") return bound;
  const attr = device.attrs[bound.attr];
  return typeof attr === "number" ? attr : bound.default;
}
