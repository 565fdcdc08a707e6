/** How unusual a value is, by what was learned of it. */
import type { Measurement } from "../../core/measurement.ts";
import { formatQuantity } from "../../core/unit.ts";
import type { Baseline, Judgment } from "../anomaly/baseline.ts";
import { type AnomalyMethod, openBaseline } from "../anomaly/methods.ts";
import type { LeveledCondition } from "../rule.ts";
import type { SaidValue } from "../watches/threshold-episode.ts";
import { readingOf } from "./reading.ts";
import type { Signal } from "./signal.ts";

/** What is left of a sum of decimals beyond this part of them is no step. */
const finestPart = 1e-9;

export interface AnomalyCondition extends LeveledCondition {
  readonly kind: "anomaly";
  readonly method: AnomalyMethod;
  /** Nothing is judged before so much time counted, and so many readings were learned. */
  readonly warmupMs: number;
  readonly minSamples: number;
  /** What is off, and all that comes while the alert lasts, is not learned. */
  readonly freezes: boolean;
}

/** Plain JSON. */
export interface AnomalyState {
  readonly kind: "anomaly";
  readonly baseline: readonly number[];
  readonly count: number;
  readonly learned: number;
  /** The finest step between readings; absent while all were the same. */
  readonly step?: number;
  /** The last reading that was learned. */
  readonly before?: number;
  /** What was judged last. */
  readonly value?: number;
  readonly unit?: string;
  readonly expected?: number;
  readonly score?: number;
}

export class AnomalySignal implements Signal {
  readonly dueMs = Number.POSITIVE_INFINITY;
  readonly #condition: AnomalyCondition;
  readonly #baseline: Baseline;
  #count: number;
  #learnedMs: number;
  #step: number | undefined;
  #before: number | undefined;
  #judged: (Judgment & { readonly value: number; readonly unit: string | undefined }) | undefined;

  constructor(condition: AnomalyCondition, saved?: AnomalyState) {
    this.#condition = condition;
    this.#baseline = openBaseline(condition.method, saved?.baseline);
    this.#count = saved?.count ?? 0;
    this.#learnedMs = saved?.learned ?? 0;
    this.#step = saved?.step;
    this.#before = saved?.before;
    const { expected, score, unit, value } = saved ?? {};
    if (value !== undefined && expected !== undefined && score !== undefined)
      this.#judged = { value, unit, expected, score };
  }

  readonly said = (): SaidValue => {
    const { expected, score, unit, value } = this.#judged ?? {};
    return { value, unit, expected, score };
  };

  get reason(): string {
    if (this.#judged && this.#isReady) {
      const { expected, score, unit, value } = this.#judged;
      const usual = formatQuantity(expected, unit);
      return `it read ${formatQuantity(value, unit)} where ${usual} is usual: score ${score.toFixed(1)}`;
    }
    return `it learned ${this.#count} readings of at least ${this.#condition.minSamples}`;
  }

  take(
    _: number,
    sample: Measurement,
    countedMs: number,
    isAlert: boolean,
  ): Measurement | undefined {
    const value = readingOf(sample);
    if (value === undefined) return undefined;
    const isReady = this.#isReady;
    const judgment = isReady ? this.#baseline.judge(value, { step: this.#step }) : undefined;
    const isOff = judgment !== undefined && judgment.score > this.#condition.method.limit;
    if (!(isReady && this.#condition.freezes && (isAlert || isOff))) this.#learn(value, countedMs);
    if (!judgment) return undefined;
    const { name, quality, unit } = sample;
    this.#judged = { ...judgment, value, unit };
    return { name, quality, value: judgment.score };
  }

  pass(): undefined {}

  /** What was learned has no place on the line. */
  reset(): void {}

  leap(): void {}

  forget(): void {
    this.#baseline.forget();
    this.#count = 0;
    this.#learnedMs = 0;
    this.#step = undefined;
    this.#before = undefined;
  }

  toState(): AnomalyState {
    const { expected, score, unit, value } = this.#judged ?? {};
    return {
      kind: "anomaly",
      baseline: this.#baseline.toState(),
      count: this.#count,
      learned: this.#learnedMs,
      ...(this.#step !== undefined && { step: this.#step }),
      ...(this.#before !== undefined && { before: this.#before }),
      ...(value !== undefined && { value }),
      ...(unit !== undefined && { unit }),
      ...(expected !== undefined && { expected }),
      ...(score !== undefined && { score }),
    };
  }

  get #isReady(): boolean {
    const { minSamples, warmupMs } = this.#condition;
    return this.#count >= minSamples && this.#learnedMs >= warmupMs;
  }

  #learn(value: number, countedMs: number): void {
    this.#count += 1;
    this.#learnedMs += countedMs;
    this.#baseline.learn(value, countedMs);
    const before = this.#before ?? value;
    this.#before = value;
    const step = Math.abs(value - before);
    if (step <= finestPart * Math.max(Math.abs(value), Math.abs(before))) return;
    this.#step = Math.min(this.#step ?? step, step);
  }
}
