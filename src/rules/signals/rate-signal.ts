/** How fast a value changes: the slope of the line through its samples. */
import { formatDuration } from "../../core/duration.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { Unit } from "../../core/unit.ts";
import type { LeveledCondition } from "../rule.ts";
import { readingOf } from "./reading.ts";
import type { Signal } from "./signal.ts";
import { type SavedEntry, SlopeWindow } from "./slope-window.ts";

export interface RateCondition extends LeveledCondition {
  readonly kind: "rate";
  /** Limits are changes within this time. */
  readonly perMs: number;
  /** The samples of so long a time make the line. */
  readonly overMs: number;
  /** Falling counts as rising. */
  readonly isAbsolute: boolean;
}

export interface RateState {
  readonly kind: "rate";
  readonly samples: readonly SavedEntry[];
  /** Until when the slope counts; absent while there is none. */
  readonly until?: number;
}

export class RateSignal implements Signal {
  readonly #condition: RateCondition;
  readonly #window: SlopeWindow;
  /** The slope counts as long as the newest sample is in the window. */
  dueMs: number;

  constructor(condition: RateCondition, saved?: RateState) {
    this.#condition = condition;
    this.#window = new SlopeWindow(condition.overMs, saved?.samples);
    this.dueMs = saved?.until ?? Number.POSITIVE_INFINITY;
  }

  get reason(): string {
    return `${this.#window.count} samples within ${formatDuration(this.#condition.overMs)}`;
  }

  take(sampleMs: number, sample: Measurement): Measurement | undefined {
    const value = readingOf(sample);
    if (value === undefined) return undefined;
    const { isAbsolute, overMs, perMs } = this.#condition;
    this.#window.add(sampleMs, value);
    const { slope } = this.#window;
    this.dueMs = slope === undefined ? Number.POSITIVE_INFINITY : sampleMs + overMs;
    if (slope === undefined) return undefined;
    const change = rounded(slope * perMs);
    const unit = rateUnit(sample.unit, perMs);
    return { ...sample, unit, value: isAbsolute ? Math.abs(change) : change };
  }

  pass(): undefined {
    this.dueMs = Number.POSITIVE_INFINITY;
  }

  reset(): void {
    this.forget();
  }

  leap(byMs: number): void {
    this.#window.leap(byMs);
    this.dueMs += byMs;
  }

  forget(): void {
    this.#window.clear();
    this.dueMs = Number.POSITIVE_INFINITY;
  }

  toState(): RateState {
    return {
      kind: "rate",
      samples: this.#window.toState(),
      ...(Number.isFinite(this.dueMs) && { until: this.dueMs }),
    };
  }
}

/** `Cel/min`; `1/min` for what has no unit. */
function rateUnit(unit: Unit | undefined, perMs: number): Unit {
  const times: Readonly<Record<number, string>> = { 1000: "s", 60000: "min", 3600000: "h" };
  return `${unit ?? "1"}/${times[perMs] ?? formatDuration(perMs)}`;
}

/** What is left of a sum of decimals beyond twelve digits is no change. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
