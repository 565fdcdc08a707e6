/**
 * The watches of one metric of one device. Those that rest are not asked: the value is normal for
 * each of them, and while samples come in time and stay where all of them find them normal, nothing
 * changes but which one was the last. They are told of that one before anybody looks at them.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { ThresholdWatch } from "../watches/threshold-watch.ts";
import type { ValueWatch } from "../watches/watch.ts";

const nobody: readonly ValueWatch[] = [];

export class MetricWatches {
  #all = nobody;
  /** Those that judge the next sample, in the order of all. */
  #awake = nobody;
  #resting: readonly ThresholdWatch[] = [];
  /** A number from here to there is normal for all that rest. */
  #lowest = Number.NEGATIVE_INFINITY;
  #highest = Number.POSITIVE_INFINITY;
  /** It counts for so long at least. */
  #holdMs = Number.POSITIVE_INFINITY;
  /** What came last, and where the lines of those that rest stand by that. */
  #sample: Measurement | undefined;
  #sampleMs = 0;
  #reachMs = 0;

  get all(): readonly ValueWatch[] {
    return this.#all;
  }

  set(watches: readonly ValueWatch[]): void {
    this.rouse();
    this.#all = watches;
    this.#awake = watches;
  }

  /**
   * As each watch has it; no sample is older than the one before. Gives where on the line something
   * may change without another.
   */
  judge(sampleMs: EpochMs, sample: Measurement, reachMs: EpochMs, isNew: boolean): number {
    const toMs = Math.max(reachMs, sampleMs);
    if (this.#resting.length > 0) this.#rouseFor(sample, toMs);
    let dueMs = Number.POSITIVE_INFINITY;
    let isCalmer = false;
    for (const watch of this.#awake) {
      watch.judge(sampleMs, sample, reachMs, isNew);
      dueMs = Math.min(dueMs, watch.dueMs);
      if (watch.kind !== "threshold" || !mayRest(watch, sampleMs, sample, toMs)) continue;
      watch.isAtRest = true;
      isCalmer = true;
    }
    if (isCalmer) this.#divide();
    this.#sample = sample;
    this.#sampleMs = sampleMs;
    this.#reachMs = toMs;
    return dueMs;
  }

  /** Tells those that rest of the last sample. */
  catchUp(): void {
    const sample = this.#sample;
    if (!sample) return;
    for (const { alarm, held } of this.#resting) {
      alarm.run(this.#reachMs);
      held.meet(this.#sampleMs);
      held.take(this.#sampleMs, sample);
    }
  }

  /** Something comes for them that is no sample. */
  rouse(): void {
    if (this.#resting.length === 0) return;
    this.catchUp();
    for (const watch of this.#resting) watch.isAtRest = false;
    this.#divide();
  }

  /** Lets those rest on that find the sample as normal as those before it. */
  #rouseFor({ quality, value }: Measurement, toMs: EpochMs): void {
    const before = this.#sample;
    const isInTime = toMs >= this.#reachMs && toMs <= this.#sampleMs + this.#holdMs;
    const isOfSameKind = quality === before?.quality && typeof value === typeof before.value;
    if (!isInTime || !isOfSameKind) this.rouse();
    else if (value !== before.value && !isWithin(value, this.#lowest, this.#highest)) {
      this.catchUp();
      for (const watch of this.#resting) watch.isAtRest = isWithin(value, ...watch.levels.normal);
      this.#divide();
    }
  }

  #divide(): void {
    const awake: ValueWatch[] = [];
    const resting: ThresholdWatch[] = [];
    let lowest = Number.NEGATIVE_INFINITY;
    let highest = Number.POSITIVE_INFINITY;
    let holdMs = Number.POSITIVE_INFINITY;
    for (const watch of this.#all) {
      if (watch.kind !== "threshold" || !watch.isAtRest) {
        awake.push(watch);
        continue;
      }
      resting.push(watch);
      const { normal } = watch.levels;
      lowest = Math.max(lowest, normal[0]);
      highest = Math.min(highest, normal[1]);
      holdMs = Math.min(holdMs, watch.held.holdMs);
    }
    this.#awake = awake;
    this.#resting = resting;
    this.#lowest = lowest;
    this.#highest = highest;
    this.#holdMs = holdMs;
  }
}

/**
 * True where more samples as normal as this one, which was judged just now, change nothing but which
 * one was the last, as long as that one counts. The line stands at `reachMs`.
 */
function mayRest(
  { alarm, held, rule }: ThresholdWatch,
  sampleMs: EpochMs,
  { value }: Measurement,
  reachMs: EpochMs,
): boolean {
  return (
    alarm.state === "ok" &&
    // What a schedule leaves out counts, too.
    alarm.breach < 0 &&
    alarm.atMs === reachMs &&
    held.known &&
    held.value === value &&
    held.valueMs === sampleMs &&
    reachMs <= held.untilMs &&
    rule.onMissing !== "fire"
  );
}

function isWithin(value: Measurement["value"], from: number, to: number): boolean {
  return typeof value === "number" && value >= from && value <= to;
}
