/** One metric of one device: its newest sample, how often it comes, and who watches it. */
import type { Measurement } from "../../core/measurement.ts";
import { never } from "../alarms/alarm.ts";
import { type LagEntry, LagMemory } from "../clocks/lag-memory.ts";
import { riseOf } from "../panes/counter-rise.ts";
import type { ValueWatch } from "../watches/watch.ts";
import { MetricWatches } from "./metric-watches.ts";
import type { SampleTap } from "./sample-tap.ts";

/** An interval is known after so many steps; a few changes in a row are none. */
const fewestSteps = 5;
/** A longer text is not remembered for rules to come. */
const maxText = 256;

/** Plain JSON. */
export interface MetricState {
  /** Time of the newest sample; absent while nothing is known of what comes next. */
  readonly last?: number;
  readonly sample?: Measurement;
  /** The longest step of each hour, and how many there were. */
  readonly steps?: readonly LagEntry[];
  readonly count?: number;
  /** What the next reading of a counter is compared with. */
  readonly highest?: number;
}

export class MetricLine {
  /** Time of the newest sample on the device's line. */
  lastMs: number;
  #sample: Measurement | undefined;
  readonly #steps: LagMemory;
  #stepCount: number;
  /** Who watches it. */
  readonly watches = new MetricWatches();
  #isAsked = false;
  #taps: readonly SampleTap[] = [];
  #isCounter = false;
  #highest: number | undefined;

  constructor(state?: MetricState) {
    this.lastMs = state?.last ?? never;
    this.#sample = state?.sample;
    this.#steps = new LagMemory(state?.steps);
    this.#stepCount = state?.count ?? 0;
    this.#highest = state?.highest;
  }

  /** True where rules ask for the metric. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  /** The longest step between samples within a day; undefined before there were some. */
  get intervalMs(): number | undefined {
    return this.#stepCount < fewestSteps ? undefined : this.#steps.lagMs;
  }

  watchBy(watches: readonly ValueWatch[], isAsked: boolean): void {
    this.watches.set(watches);
    this.#isAsked = isAsked;
    for (const watch of watches) watch.observe(this.intervalMs, this.#sample?.name);
  }

  /** Samples go there, too, from now on. */
  recordInto(taps: readonly SampleTap[]): void {
    this.#taps = taps;
    this.#isCounter = taps.some(({ countsRise }) => countsRise);
  }

  /** Puts a sample into series and groups, and one that is late into windows; `isLate` where a newer one was judged before. */
  record(timeMs: number, sample: Measurement, isLate: boolean): void {
    if (isLate)
      for (const watch of this.watches.all)
        if (watch.kind === "signal") watch.takeLate(timeMs, sample);
    if (this.#taps.length === 0) return;
    const rise = isLate ? undefined : this.#rise(sample);
    for (const tap of this.#taps) tap.take(timeMs, sample, rise, this.intervalMs);
  }

  /** Takes a sample that is not older than the newest; `learns` where nobody said how often one comes. */
  take(timeMs: number, sample: Measurement, learns: boolean): void {
    if (learns && this.lastMs !== never && timeMs > this.lastMs) this.#learn(timeMs);
    this.lastMs = timeMs;
    const isShort = typeof sample.value !== "string" || sample.value.length <= maxText;
    this.#sample = isShort ? sample : undefined;
  }

  /** Gives a watch that is new the value that still holds; it is judged from `reachMs` on. */
  recall(watch: ValueWatch, reachMs: number): void {
    watch.observe(this.intervalMs, this.#sample?.name);
    if (this.#sample && this.lastMs !== never) watch.recall(this.lastMs, this.#sample, reachMs);
  }

  /** Nothing is known of what comes next. */
  forget(): void {
    this.lastMs = never;
    this.#sample = undefined;
  }

  toState(): MetricState {
    return {
      ...(this.lastMs !== never && { last: this.lastMs }),
      ...(this.#sample && { sample: this.#sample }),
      ...(this.#stepCount > 0 && { steps: this.#steps.entries, count: this.#stepCount }),
      ...(this.#highest !== undefined && { highest: this.#highest }),
    };
  }

  #rise({ quality, value }: Measurement): number | undefined {
    if (!this.#isCounter || quality !== "good" || typeof value !== "number") return undefined;
    const { by, highest } = riseOf(this.#highest, value);
    const isFirst = this.#highest === undefined;
    this.#highest = highest;
    return isFirst ? undefined : by;
  }

  #learn(timeMs: number): void {
    const before = this.intervalMs;
    this.#steps.record(timeMs, timeMs - this.lastMs);
    this.#steps.forgetBefore(timeMs);
    this.#stepCount = Math.min(fewestSteps, this.#stepCount + 1);
    if (this.intervalMs === before) return;
    this.watches.rouse();
    for (const watch of this.watches.all) watch.observe(this.intervalMs, this.#sample?.name);
  }
}
