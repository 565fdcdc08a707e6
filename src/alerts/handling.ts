/**
 * How the rule of an alert wants it handled, with what is usual filled in. Whoever may write into the
 * stream of alerts is not known, so nothing of a transition's handling is taken unseen: what cannot be
 * read is as usual.
 */
import type { AlertTransition, SuppressedBy } from "../core/alert.ts";
import { isObject } from "../core/is-object.ts";

export interface FlappingLimits {
  readonly changes: number;
  readonly withinMs: number;
}

export interface Handling {
  readonly latch: boolean;
  /** Undefined: where it was critical. */
  readonly ackRequired: boolean | undefined;
  /** Undefined: nothing is too often. */
  readonly flapping: FlappingLimits | undefined;
  readonly suppressedBy: readonly SuppressedBy[];
}

export const usualFlapping: FlappingLimits = { changes: 6, withinMs: 600_000 };

const mostChanges = 100;
const longestWithinMs = 86_400_000;
const mostMatchers = 16;
const mostLabels = 16;

const usual: Handling = {
  latch: false,
  ackRequired: undefined,
  flapping: usualFlapping,
  suppressedBy: [],
};

export function handlingOf({ handling }: Pick<AlertTransition, "handling">): Handling {
  if (!isObject(handling)) return usual;
  const { ack_required, flapping, latch, suppressed_by } = handling;
  return {
    latch: latch === true,
    ackRequired: typeof ack_required === "boolean" ? ack_required : undefined,
    flapping: flappingOf(flapping),
    suppressedBy: matchersOf(suppressed_by),
  };
}

function flappingOf(value: unknown): FlappingLimits | undefined {
  if (value === "off") return undefined;
  if (!isObject(value)) return usualFlapping;
  const { changes, within_ms: withinMs } = value;
  const isGood = isWithin(changes, 2, mostChanges) && isWithin(withinMs, 1, longestWithinMs);
  return isGood ? { changes, withinMs } : usualFlapping;
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && value >= least && value <= most;
}

function matchersOf(value: unknown): SuppressedBy[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, mostMatchers).filter(isMatcher);
}

function isMatcher(value: unknown): value is SuppressedBy {
  if (!isObject(value)) return false;
  const { alert, equal } = value;
  return (
    typeof alert === "string" &&
    Array.isArray(equal) &&
    equal.length <= mostLabels &&
    equal.every((label) => typeof label === "string")
  );
}
