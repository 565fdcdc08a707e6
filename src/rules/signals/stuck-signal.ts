/**
 * Whether a value stays where it is: a flat line of readings. Only readings make it longer; a sensor
 * that says nothing is not stuck, and what was unknown between two readings does not count.
 */
import { formatDuration } from "../../core/duration.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { LeveledCondition } from "../rule.ts";
import type { SaidValue } from "../watches/threshold-episode.ts";
import { readingOf } from "./reading.ts";
import type { Signal } from "./signal.ts";

/** Two equal readings are no line yet. */
const fewestSamples = 3;
/** A longer text is not remembered. */
const maxText = 256;

export interface StuckCondition extends LeveledCondition {
  readonly kind: "stuck";
  /** How long, or how many readings, the line is at least; one of the two. */
  readonly longerThanMs: number | undefined;
  readonly samples: number | undefined;
  /** How far readings of one line may lie apart. */
  readonly tolerance: number;
}

/** Plain JSON. */
export interface StuckState {
  readonly kind: "stuck";
  /** The last reading; absent before the first. */
  readonly value?: Measurement["value"];
  readonly unit?: string;
  /** Of the line: its lowest and its highest reading where it is of numbers. */
  readonly low?: number;
  readonly high?: number;
  readonly count: number;
  readonly flat: number;
}

export class StuckSignal implements Signal {
  readonly dueMs = Number.POSITIVE_INFINITY;
  readonly #condition: StuckCondition;
  #line: StuckState;

  constructor(condition: StuckCondition, saved?: StuckState) {
    this.#condition = condition;
    this.#line = saved ?? noLine;
  }

  readonly said = (): SaidValue => ({
    value: this.#line.value,
    unit: this.#line.unit,
    limit: undefined,
  });

  get now(): boolean {
    return this.#isStuck;
  }

  get reason(): string {
    const { count, flat } = this.#line;
    return `${count} readings lie within ${this.#condition.tolerance}, for ${formatDuration(flat)}`;
  }

  take(_: number, sample: Measurement, countedMs: number): Measurement | undefined {
    const { unit, value } = sample;
    if (typeof value === "string" ? value.length > maxText : !isReading(sample)) return undefined;
    const before = this.#line;
    const number = typeof value === "number" ? value : 0;
    const low = Math.min(before.low ?? number, number);
    const high = Math.max(before.high ?? number, number);
    const isSame =
      typeof value === "number"
        ? typeof before.value === "number" && isWithin(low, high, this.#condition.tolerance)
        : value === before.value;
    this.#line = {
      kind: "stuck",
      value,
      ...(unit !== undefined && { unit }),
      ...(typeof value === "number" && (isSame ? { low, high } : { low: value, high: value })),
      count: isSame ? before.count + 1 : 1,
      flat: isSame ? before.flat + countedMs : 0,
    };
    return { ...sample, value: this.#isStuck };
  }

  pass(): undefined {}

  /** The line goes on where the value is the same; nobody knows how long that took. */
  reset(): void {}

  leap(): void {}

  forget(): void {
    this.#line = noLine;
  }

  toState(): StuckState {
    return this.#line;
  }

  get #isStuck(): boolean {
    const { longerThanMs, samples } = this.#condition;
    const { count, flat } = this.#line;
    if (samples !== undefined) return count >= samples;
    return count >= fewestSamples && flat >= (longerThanMs ?? 0);
  }
}

const noLine: StuckState = { kind: "stuck", count: 0, flat: 0 };

function isReading(sample: Measurement): boolean {
  return typeof sample.value !== "number" || readingOf(sample) !== undefined;
}

/** Decimals lie as far apart as they are written: 1.05 is within 0.05 of 1. */
function isWithin(low: number, high: number, tolerance: number): boolean {
  const slack = tolerance > 0 ? 4 * Number.EPSILON * Math.max(Math.abs(low), Math.abs(high)) : 0;
  return high - low <= tolerance + slack;
}
