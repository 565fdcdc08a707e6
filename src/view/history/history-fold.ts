/**
 * Values of one quantity, folded into columns to be drawn: least, mean and most of each step, or each
 * value where there are few. Whatever order they come in, each stands at the time of its event; where
 * nothing was said for long there is a gap, which no line crosses.
 */
import type { EpochMs } from "../../core/clock.ts";
import { columnsOf, type HistoryColumns, type Step } from "./history-columns.ts";

/** The rest of the rows is for gaps. */
const shareOfSteps = 0.8;
const lateAfterMs = 60_000;
const mostLate = 200;
const mostTexts = 500;
const mostText = 128;

export interface HistorySpan {
  readonly fromMs: EpochMs;
  /** Without it. */
  readonly toMs: EpochMs;
  /** Rows at most, gaps included. */
  readonly points: number;
}

export interface HistorySample {
  readonly timeMs: EpochMs;
  readonly receivedMs: EpochMs;
  readonly value: number | boolean | string;
}

export class HistoryFold {
  readonly #span: HistorySpan;
  readonly #binMs: number;
  readonly #bins = new Map<number, Step>();
  /** Each value alone, as long as they are few. */
  #singles: Step[] | undefined = [];
  #late: { atMs: EpochMs; receivedMs: EpochMs; value: number }[] = [];
  readonly #texts: { atMs: EpochMs; value: string }[] = [];
  #count = 0;
  #leftOut = 0;

  constructor(span: HistorySpan) {
    this.#span = span;
    const steps = Math.max(1, Math.floor(span.points * shareOfSteps));
    this.#binMs = Math.max(1, Math.ceil((span.toMs - span.fromMs) / steps));
  }

  /** Of so much time each step is. */
  get stepMs(): number {
    return this.#binMs;
  }

  get count(): number {
    return this.#count;
  }

  /** Texts for which no room was left. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Values that came long after they were measured, the latest of them. */
  get late(): readonly { atMs: EpochMs; receivedMs: EpochMs; value: number }[] {
    return this.#late;
  }

  take({ receivedMs, timeMs, value }: HistorySample): void {
    const { fromMs, points, toMs } = this.#span;
    if (timeMs < fromMs || timeMs >= toMs) return;
    this.#count += 1;
    if (typeof value !== "number") {
      this.takeText(timeMs, String(value));
      return;
    }
    if (!Number.isFinite(value)) return;
    this.#add(timeMs, { min: value, max: value, sum: value, count: 1 });
    if (receivedMs - timeMs > lateAfterMs) {
      this.#late.push({ atMs: timeMs, receivedMs, value });
      if (this.#late.length > mostLate) this.#late = this.#late.slice(-mostLate / 2);
    }
    if (this.#singles && this.#singles.length > points) this.#singles = undefined;
  }

  /** What was put together before: of one step, by its middle. */
  takeStep(timeMs: EpochMs, step: Omit<Step, "firstMs" | "lastMs">): void {
    this.#singles = undefined;
    this.#count += step.count;
    this.#add(timeMs, step);
  }

  /** The columns; a hole that is longer than `holeMs` is a gap. */
  columns(holeMs: number): HistoryColumns {
    const { points } = this.#span;
    if (this.#singles) {
      const singles = [...this.#singles].sort((one, other) => one.firstMs - other.firstMs);
      const columns = columnsOf(singles, 0, holeMs);
      if (columns.atMs.length <= points) return columns;
    }
    const byTime = [...this.#bins.entries()].sort(([one], [other]) => one - other);
    for (let factor = 1; ; factor *= 2) {
      const stepMs = this.#binMs * factor;
      const columns = columnsOf(joined(byTime, factor), stepMs, holeMs);
      if (columns.atMs.length <= points) return columns;
    }
  }

  /** What it was, from when on. */
  texts(): readonly { atMs: EpochMs; value: string }[] {
    const byTime = [...this.#texts].sort((one, other) => one.atMs - other.atMs);
    return byTime.filter(({ value }, at) => byTime[at - 1]?.value !== value);
  }

  #add(timeMs: EpochMs, part: Omit<Step, "firstMs" | "lastMs">): void {
    const key = Math.floor(timeMs / this.#binMs);
    const step = { ...part, firstMs: timeMs, lastMs: timeMs };
    this.#singles?.push(step);
    const known = this.#bins.get(key);
    this.#bins.set(key, known ? join(known, step) : step);
  }

  /** What is no number. */
  takeText(atMs: EpochMs, text: string): void {
    const value = text.slice(0, mostText);
    if (this.#texts.at(-1)?.value === value) return;
    if (this.#texts.length < mostTexts) this.#texts.push({ atMs, value });
    else this.#leftOut += 1;
  }
}

function joined(byTime: readonly (readonly [number, Step])[], factor: number): Step[] {
  const steps: Step[] = [];
  let key: number | undefined;
  for (const [bin, step] of byTime) {
    const wider = Math.floor(bin / factor);
    const last = steps.at(-1);
    if (wider === key && last) steps[steps.length - 1] = join(last, step);
    else steps.push(step);
    key = wider;
  }
  return steps;
}

function join(one: Step, other: Step): Step {
  return {
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    sum: one.sum + other.sum,
    count: one.count + other.count,
    firstMs: Math.min(one.firstMs, other.firstMs),
    lastMs: Math.max(one.lastMs, other.lastMs),
  };
}
