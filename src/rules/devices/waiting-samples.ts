/**
 * The samples of one device that wait for the watermark, and how they are judged: in order of their
 * time, each at its place on the line.
 */
import { provesNoLife } from "../../core/extensions.ts";
import { never } from "../alarms/alarm.ts";
import { DeviceClock } from "../clocks/device-clock.ts";
import type { DeviceSnapshot } from "../engine-snapshot.ts";
import type { EngineCounts } from "../rule-desk.ts";
import type { DeviceWatches } from "./device-watches.ts";
import { asPending, byReceipt, type PendingSample, sortByTime } from "./pending-sample.ts";

/** A device whose clock was set back is looked at for this long at least. */
const shortestPatienceMs = 60_000;

export class WaitingSamples {
  readonly #counts: EngineCounts;
  readonly #watches: DeviceWatches;
  readonly #waiting: PendingSample[];
  #clock: DeviceClock;
  #passedOver: number;
  /** Time of the newest sample that was judged, within a batch. */
  #judgedMs = never;
  /** When the first of the watches that were touched is due; whether they know how far the line was. */
  #dueMs = never;
  #isNoted = false;

  constructor(counts: EngineCounts, watches: DeviceWatches, saved: DeviceSnapshot) {
    this.#counts = counts;
    this.#watches = watches;
    this.#waiting = [...(saved.pending ?? [])];
    this.#clock = new DeviceClock(saved.clock, saved.last, saved.lags);
    this.#passedOver = saved.passedOver ?? 0;
  }

  get clock(): DeviceClock {
    return this.#clock;
  }

  /** Samples that were not judged, since newer ones had been. */
  get passedOver(): number {
    return this.#passedOver;
  }

  get count(): number {
    return this.#waiting.length;
  }

  push(sample: PendingSample): void {
    this.#waiting.push(sample);
  }

  /**
   * Judges all. `tMs` is the last watermark before them; `isNoted` where the watches know already how far
   * the line was then. Gives the place on the line before which no watch changes that was touched.
   */
  release(tMs: number, isNoted: boolean): number {
    if (this.#waiting.length === 0) return Number.POSITIVE_INFINITY;
    this.#isNoted = isNoted;
    this.#dueMs = Number.POSITIVE_INFINITY;
    if (this.#areAllNewer()) this.#judgeAll(this.#waiting, tMs);
    else this.#judgeInQuestion(tMs);
    this.#waiting.length = 0;
    return this.#dueMs;
  }

  /** The line begins at the next sample: nothing is known of the device's clock any more. */
  startAnew(): void {
    this.#passOver(this.#clock.dropQuestion().length);
    this.#clock = new DeviceClock(undefined, never, [], this.#clock.setBackCount);
  }

  toSnapshot(): Pick<DeviceSnapshot, "clock" | "passedOver" | "pending"> {
    const clock = this.#clock.toState();
    return {
      ...(clock && { clock }),
      ...(this.#passedOver > 0 && { passedOver: this.#passedOver }),
      pending: this.#waiting.map(asPending),
    };
  }

  /** How long nothing newer must come before the device's clock is said to have been set back. */
  get #patienceMs(): number {
    return Math.max(shortestPatienceMs, 2 * (this.#watches.intervalMs ?? 0));
  }

  /** Almost always so. */
  #areAllNewer(): boolean {
    let newestMs = this.#clock.lastMs;
    for (const { timeMs } of this.#waiting) {
      if (timeMs <= newestMs) return false;
      newestMs = timeMs;
    }
    return !this.#clock.isSuspect && !this.#clock.isInQuestion;
  }

  /** Gives the samples that wait their places on the line; those that have none yet are kept. */
  #judgeInQuestion(tMs: number): void {
    const clock = this.#clock;
    let atMs = tMs;
    let placed: PendingSample[] = [];
    let newestMs = clock.lastMs;
    for (const sample of this.#waiting) {
      const { timeMs } = sample;
      if (timeMs > newestMs) {
        clock.trust();
        if (clock.isInQuestion) {
          this.#judgeAll(placed, atMs);
          [placed, atMs] = this.#answer(sample, atMs);
        }
        newestMs = timeMs;
        placed.push(sample);
      } else if (clock.isSuspect) {
        placed.push(byReceipt(sample));
        newestMs = Math.max(newestMs, sample.receivedMs);
      } else if (!this.#isOld(sample)) placed.push(sample);
      else {
        const isJudged = timeMs === newestMs && !clock.keepsOlder;
        if (isJudged) placed.push(sample);
        const reachMs = clock.reachMs(atMs);
        const proven = clock.question(sample, isJudged, reachMs, this.#patienceMs);
        if (!proven) continue;
        this.#judgeAll(placed, atMs);
        placed = proven.map(byReceipt);
        atMs = this.#setBack(atMs, () => clock.setBack());
        newestMs = Math.max(clock.lastMs, placed.at(-1)?.timeMs ?? never);
      }
    }
    this.#judgeAll(placed, atMs);
  }

  /** What was in question until `newer` came and is judged after all, and where the line stands then. */
  #answer(newer: PendingSample, atMs: number): [samples: PendingSample[], atMs: number] {
    const clock = this.#clock;
    const answer = clock.answerBy(newer);
    if (!answer) this.#leaveUnjudged(clock.dropQuestion());
    if (!answer) return [[], atMs];
    const { setBackMs } = answer;
    const samples = [...answer.samples];
    if (setBackMs > 0) return [samples, this.#setBack(atMs, () => clock.setBackBy(setBackMs))];
    const heldMs = clock.reachMs(atMs);
    clock.dropQuestion();
    return [samples, heldMs];
  }

  /** The device's clock was set back, which moves the line; gives where it stands then. */
  #setBack(atMs: number, moveBack: () => number): number {
    const heldMs = this.#clock.reachMs(atMs);
    this.#note(heldMs);
    const byMs = moveBack();
    this.#leap(byMs);
    this.#counts.clocksSetBack += 1;
    return heldMs + byMs;
  }

  /** True where nothing in a sample is newer than what was judged; where no rule asks, than what came. */
  #isOld({ timeMs, data }: PendingSample): boolean {
    const isUnwatched = this.#watches.ofValues.length === 0;
    let isOld = false;
    for (const { name } of data) {
      const line = this.#watches.metric(name);
      if (!line || !(isUnwatched || line.isAsked)) continue;
      if (timeMs > line.lastMs) return false;
      isOld = true;
    }
    return isOld;
  }

  #judgeAll(samples: PendingSample[], tMs: number): void {
    const clock = this.#clock;
    sortByTime(samples);
    for (let from = 0; from < samples.length; ) {
      const isFirst = clock.lastMs === never;
      const lagMs = clock.lagMs;
      const reachMs = clock.reachMs(tMs);
      let leapMs = 0;
      let mostLagMs = lagMs;
      let to = from;
      let lastMs = clock.lastMs;
      this.#judgedMs = lastMs;
      for (let sample = samples[to]; sample; to += 1, sample = samples[to]) {
        if (sample.timeMs <= lastMs) continue;
        leapMs = clock.leapAt(sample);
        if (leapMs > 0) break;
        clock.meet(sample);
        mostLagMs = Math.max(mostLagMs, clock.lagMs);
        lastMs = sample.timeMs;
      }
      const fallsBack = mostLagMs > lagMs || isFirst;
      if (fallsBack || leapMs > 0) this.#note(reachMs);
      for (let n = from; n < to; n += 1) {
        const sample = samples[n];
        if (sample) this.#judge(sample, fallsBack ? never : reachMs);
      }
      from = to;
      if (leapMs === 0) continue;
      clock.leap(leapMs);
      this.#leap(leapMs);
    }
  }

  #judge(sample: PendingSample, reachMs: number): void {
    const { timeMs, data } = sample;
    const isNew = !provesNoLife(sample);
    this.#counts.samples += 1;
    const learns = this.#watches.declaredMs === undefined;
    for (const measurement of data) {
      const line = this.#watches.metric(measurement.name);
      if (!line) continue;
      if (timeMs < line.lastMs) {
        if (line.isAsked) this.#passOver(1);
        line.record(timeMs, measurement, true);
        continue;
      }
      line.record(timeMs, measurement, false);
      line.take(timeMs, measurement, learns);
      const toMs = Math.max(reachMs, this.#judgedMs);
      this.#dueMs = Math.min(this.#dueMs, line.watches.judge(timeMs, measurement, toMs, isNew));
    }
    if (timeMs > this.#judgedMs) this.#judgedMs = timeMs;
  }

  /** Before the line falls back, with a larger lag or a clock that was set: notes where it stood. */
  #note(reachMs: number): void {
    if (this.#isNoted) return;
    for (const watch of this.#watches.ofValues) watch.advance(reachMs);
  }

  /** The device's clock was set: what is known goes with its line. */
  #leap(byMs: number): void {
    for (const line of this.#watches.metrics) line.lastMs += byMs;
    for (const watch of this.#watches.ofValues) watch.leap(byMs);
    this.#watches.groups.leap(byMs);
    this.#dueMs = never;
  }

  /** Samples that came out of order count in the panes of series that are still open. */
  #leaveUnjudged(samples: readonly PendingSample[]): void {
    this.#passOver(samples.length);
    for (const { data, timeMs } of samples)
      for (const measurement of data)
        this.#watches.metric(measurement.name)?.record(timeMs, measurement, true);
  }

  #passOver(count: number): void {
    this.#passedOver += count;
    this.#counts.outOfOrder += count;
  }
}
