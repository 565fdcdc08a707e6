/**
 * One device on its own line of event time.
 *
 * The line moves to the time of each sample; between samples it follows the watermark at the
 * distance of the device's lag. So a slow clock, a radio that delivers late and a logger that
 * uploads two hours at once are one case, with true times.
 *
 * Samples wait for the watermark and are judged in order of their time. What a watermark would
 * change on the line of a device that sends nothing is known beforehand, so that such a device costs
 * one comparison.
 */
import type { DeviceRecord } from "../core/device.ts";
import type { EventOf, Origin } from "../core/event.ts";
import type { DeviceId } from "../core/ids.ts";
import type { Measurement } from "../core/measurement.ts";
import { never } from "./alarm.ts";
import { DeviceClock } from "./device-clock.ts";
import { DeviceWatches } from "./device-watches.ts";
import type { DeviceSnapshot, PendingSample } from "./engine-snapshot.ts";
import type { Departure, RuleDesk } from "./rule-desk.ts";
import type { TransitionDraft } from "./transition.ts";
import type { MissedFrom, Watch } from "./watch.ts";

/** A device whose clock was set back is looked at for this long at least. */
const shortestPatienceMs = 60_000;

/** What the rules met of one device that somebody should look at. */
export interface DeviceTrouble {
  readonly device: DeviceId;
  /** Samples that were not judged, since newer ones had been. */
  readonly passedOver: number;
  /** `suspect` while its own time is behind what was judged, and the time of receipt is taken. */
  readonly clock: "trusted" | "suspect";
  /** How often its clock was set back. */
  readonly setBack: number;
}

export class DeviceLine {
  readonly id: DeviceId;
  readonly #desk: RuleDesk;
  readonly #watches: DeviceWatches;
  readonly #pending: PendingSample[];
  #clock: DeviceClock;
  #firstMs: number;
  #aliveMs: number;
  /** How long nobody listened since. */
  #deafMs: number;
  #passedOver: number;
  /** It is offline, or silent for too long; until it is heard again. */
  #isGone: boolean;
  /** Time of the newest sample that was judged, within a batch. */
  #judgedMs = never;
  /** No watch changes before the line reaches this, or the watermark that, without a sample. */
  #dueMs = never;
  #silenceDueMs = never;

  /** A device that is new has nothing in its snapshot but its name and when it was met. */
  constructor(origin: Origin, desk: RuleDesk, saved: DeviceSnapshot) {
    this.id = saved.device;
    this.#desk = desk;
    this.#clock = new DeviceClock(saved.clock, saved.last, saved.lags);
    this.#firstMs = saved.first;
    this.#aliveMs = saved.alive ?? never;
    this.#deafMs = saved.deaf ?? 0;
    this.#passedOver = saved.passedOver ?? 0;
    this.#isGone = saved.gone ?? false;
    this.#pending = [...(saved.pending ?? [])];
    this.#watches = new DeviceWatches(origin, desk, saved);
  }

  get watches(): Iterable<Watch> {
    return this.#watches.all;
  }

  /** When it was last heard; before its first word, when it was met. */
  get heardMs(): number {
    return Math.max(this.#firstMs, this.#aliveMs);
  }

  /** What its owner should know of its samples and its clock; undefined where all is well. */
  get trouble(): DeviceTrouble | undefined {
    const { isSuspect, setBackCount } = this.#clock;
    if (this.#passedOver === 0 && setBackCount === 0) return undefined;
    return {
      device: this.id,
      passedOver: this.#passedOver,
      clock: isSuspect ? "suspect" : "trusted",
      setBack: setBackCount,
    };
  }

  /** Samples that wait for the watermark. */
  get pendingCount(): number {
    return this.#pending.length;
  }

  /** The gateway tells of the device; most often what it told before. */
  learn(record: DeviceRecord, tMs: number): void {
    const isAnother = this.#watches.isAnother(record);
    if (!this.#watches.learn(record)) return;
    this.resolve(tMs);
    if (!isAnother) return;
    for (const line of this.#watches.metrics) line.forget();
    for (const watch of this.#watches.thresholds) watch.replace(this.#reachMs(tMs));
  }

  /** The device is gone since gateway time `atMs`: what it does not report again counts no more. */
  depart(atMs: number): void {
    if (this.#isGone) return;
    this.#isGone = true;
    const { lagMs, lastMs } = this.#clock;
    for (const watch of this.#watches.thresholds) watch.leave(Math.max(lastMs, atMs - lagMs));
    this.#dueMs = never;
  }

  /** Finds out which rules select the device. `tMs` is the last watermark. */
  resolve(tMs: number): void {
    this.#settle(tMs);
    this.#watches.resolve(this.#missedFrom(tMs));
    if (this.#isGone) for (const watch of this.#watches.thresholds) watch.leave(this.#reachMs(tMs));
    this.#dueMs = never;
    this.#silenceDueMs = never;
  }

  /** A sample was received: it proves life now, and is judged at the next watermark. */
  take(event: EventOf<"measurement">, tMs: number): void {
    if (this.#watches.meet(event)) this.resolve(tMs);
    this.#hear(event.receivedMs, event.data);
    this.#comeBack(tMs);
    this.#pending.push(event);
  }

  /** A sample from before the gateway knew the time proves life as of the last watermark. */
  takeUnsynced(event: EventOf<"measurement">, tMs: number): void {
    if (this.#watches.meet(event)) this.resolve(tMs);
    if (tMs !== never) this.#hear(tMs, event.data);
  }

  /** A word that is no sample was received: it proves life. */
  hear(receivedMs: number, tMs: number): void {
    this.#hear(receivedMs, []);
    this.#comeBack(tMs);
  }

  /** The gateway did not listen for `deafMs` since the last watermark; `tMs` is the present one. */
  miss(deafMs: number, tMs: number): void {
    this.#deafMs = Math.max(0, Math.min(this.#deafMs + deafMs, tMs - this.heardMs));
    for (const watch of this.#watches.absences) watch.miss(deafMs, tMs);
    this.#silenceDueMs = never;
  }

  /** The gateway listens again from gateway time `fromMs` on: silence counts anew. */
  listenFrom(fromMs: number): void {
    this.#deafMs = Math.max(this.#deafMs, fromMs - this.heardMs);
    for (const watch of this.#watches.absences) watch.listenFrom(fromMs);
    this.#silenceDueMs = never;
  }

  /** Judges the samples that wait. `tMs` is the last watermark before them. */
  release(tMs: number): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    if (this.#areAllNewer()) this.#judgeAll(pending, tMs);
    else this.#judgeInQuestion(tMs);
    pending.length = 0;
  }

  /** Everything received up to gateway time `tMs` was taken and released. */
  advance(tMs: number): void {
    if (tMs >= this.#silenceDueMs) {
      this.#silenceDueMs = Number.POSITIVE_INFINITY;
      for (const watch of this.#watches.absences) {
        watch.advance(tMs);
        this.#silenceDueMs = Math.min(this.#silenceDueMs, watch.dueMs);
        if (watch.of === undefined && watch.alarm.breach >= 0) this.depart(watch.alarm.startedMs);
      }
    }
    const reachMs = this.#reachMs(tMs);
    if (reachMs >= this.#dueMs) {
      this.#dueMs = Number.POSITIVE_INFINITY;
      for (const watch of this.#watches.thresholds) {
        watch.advance(reachMs);
        this.#dueMs = Math.min(this.#dueMs, watch.dueMs);
      }
    }
  }

  /** Forgets lags that are older than a day at gateway time `tMs`. */
  forgetLags(tMs: number): void {
    this.#clock.forgetBefore(tMs);
  }

  /**
   * The gateway's clock was set from `beforeMs` to `tMs`, or nothing is known of the time between:
   * the line begins at the next sample. What was known then is unknown since `sinceMs`.
   */
  reset(tMs: number, beforeMs: number, sinceMs: number): void {
    this.#settle(beforeMs);
    this.#passOver(this.#clock.dropQuestion());
    this.#clock = new DeviceClock(undefined, never, [], this.#clock.setBackCount);
    this.#firstMs = tMs;
    this.#aliveMs = tMs;
    this.#deafMs = 0;
    for (const line of this.#watches.metrics) line.forget();
    for (const watch of this.#watches.thresholds) watch.reset(tMs, sinceMs);
    for (const watch of this.#watches.absences) watch.reset(tMs);
    this.#dueMs = never;
    this.#silenceDueMs = never;
  }

  /** The device is gone, at gateway time `tMs`: what was received is judged, what is open ends. */
  leave(tMs: number, atMs: number, reason: Departure): void {
    this.release(tMs);
    for (const watch of this.#watches.all) this.#desk.end(watch.rule.id, watch.last, reason, atMs);
  }

  /** Lets an alert go on behind `stored`; true when the open episode is that one and goes on. */
  goOnBehind(stored: TransitionDraft): boolean {
    this.#dueMs = never;
    this.#silenceDueMs = never;
    for (const watch of this.#watches.all)
      if (watch.rule.id === stored.rule) return watch.goOnBehind(stored);
    return false;
  }

  toSnapshot(): DeviceSnapshot {
    const clock = this.#clock.toState();
    return {
      device: this.id,
      first: this.#firstMs,
      ...(this.#aliveMs !== never && { alive: this.#aliveMs }),
      ...(this.#deafMs > 0 && { deaf: this.#deafMs }),
      ...(clock && { clock }),
      ...(this.#isGone && { gone: true }),
      ...(this.#passedOver > 0 && { passedOver: this.#passedOver }),
      pending: this.#pending.map(({ timeMs, receivedMs, data }) => ({ timeMs, receivedMs, data })),
      ...this.#watches.toSnapshot(),
    };
  }

  #comeBack(tMs: number): void {
    if (!this.#isGone) return;
    this.#isGone = false;
    for (const watch of this.#watches.thresholds) watch.comeBack(this.#reachMs(tMs));
    this.#dueMs = never;
  }

  #hear(receivedMs: number, data: readonly Measurement[]): void {
    this.#aliveMs = Math.max(this.#aliveMs, receivedMs);
    this.#deafMs = 0;
    for (const watch of this.#watches.absences) {
      if (watch.of !== undefined && !data.some(({ name }) => name === watch.of)) continue;
      if (watch.alarm.breach >= 0) this.#silenceDueMs = never;
      watch.hear(receivedMs);
    }
  }

  /** How long nothing newer must come before the device's clock is said to have been set back. */
  get #patienceMs(): number {
    return Math.max(shortestPatienceMs, 2 * (this.#watches.intervalMs ?? 0));
  }

  /** Almost always so. */
  #areAllNewer(): boolean {
    let newestMs = this.#clock.lastMs;
    for (const { timeMs } of this.#pending) {
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
    for (const sample of this.#pending) {
      const { timeMs } = sample;
      if (timeMs > newestMs) {
        clock.trust();
        this.#passOver(clock.dropQuestion());
        newestMs = timeMs;
        placed.push(sample);
      } else if (clock.isSuspect) {
        placed.push(byReceipt(sample));
        newestMs = Math.max(newestMs, sample.receivedMs);
      } else if (!this.#isOld(sample)) placed.push(sample);
      else {
        const isJudged = timeMs === newestMs;
        if (isJudged) placed.push(sample);
        const reachMs = clock.reachMs(atMs);
        const proven = clock.question(sample, isJudged, reachMs, this.#patienceMs);
        if (!proven) continue;
        this.#judgeAll(placed, atMs);
        placed = proven.map(byReceipt);
        const heldMs = clock.reachMs(atMs);
        const byMs = clock.setBack();
        this.#leap(byMs);
        atMs = heldMs + byMs;
        this.#desk.counts.clocksSetBack += 1;
        newestMs = Math.max(clock.lastMs, placed.at(-1)?.timeMs ?? never);
      }
    }
    this.#judgeAll(placed, atMs);
  }

  /** True where nothing in a sample is newer than what was judged. */
  #isOld({ timeMs, data }: PendingSample): boolean {
    let isOld = false;
    for (const { name } of data) {
      const line = this.#watches.metric(name);
      if (!line?.isAsked) continue;
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
      let to = from;
      let lastMs = clock.lastMs;
      this.#judgedMs = lastMs;
      for (let sample = samples[to]; sample; to += 1, sample = samples[to]) {
        if (sample.timeMs <= lastMs) continue;
        leapMs = clock.leapAt(sample);
        if (leapMs > 0) break;
        clock.meet(sample);
        lastMs = sample.timeMs;
      }
      // With a larger lag the line falls back: where it stood must be noted first.
      const fallsBack = clock.lagMs > lagMs || isFirst;
      if (fallsBack) for (const watch of this.#watches.thresholds) watch.advance(reachMs);
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

  #judge({ timeMs, data }: PendingSample, reachMs: number): void {
    this.#desk.counts.samples += 1;
    const learns = this.#watches.declaredMs === undefined;
    for (const measurement of data) {
      const line = this.#watches.metric(measurement.name);
      if (!line) continue;
      if (timeMs < line.lastMs) {
        if (line.isAsked) this.#passOver(1);
        continue;
      }
      line.take(timeMs, measurement, learns);
      for (const watch of line.watches) {
        watch.judge(timeMs, measurement, Math.max(reachMs, this.#judgedMs));
        this.#dueMs = Math.min(this.#dueMs, watch.dueMs);
      }
    }
    if (timeMs > this.#judgedMs) this.#judgedMs = timeMs;
  }

  /** The device's clock was set: what is known goes with its line. */
  #leap(byMs: number): void {
    for (const line of this.#watches.metrics) line.lastMs += byMs;
    for (const watch of this.#watches.thresholds) watch.leap(byMs);
    this.#dueMs = never;
  }

  #passOver(count: number): void {
    this.#passedOver += count;
    this.#desk.counts.outOfOrder += count;
  }

  /** Brings every watch to where the line stands; those that nothing is due for are behind it. */
  #settle(tMs: number): void {
    for (const watch of this.#watches.thresholds) watch.advance(this.#reachMs(tMs));
    for (const watch of this.#watches.absences) watch.advance(tMs);
  }

  /** How far the line is known at watermark `tMs`; each watch stops at its own `hold`. */
  #reachMs(tMs: number): number {
    return this.#clock.reachMs(tMs);
  }

  /** Before its first sample a device is missed since it was met. */
  #missedFrom(tMs: number): MissedFrom {
    return {
      valueMs: this.#clock.lastMs === never ? Math.max(this.#firstMs, tMs) : this.#reachMs(tMs),
      aliveMs: this.heardMs + this.#deafMs,
    };
  }
}

function byReceipt({ receivedMs, data }: PendingSample): PendingSample {
  return { timeMs: receivedMs, receivedMs, data };
}

/** Almost always nothing is to be done. */
function sortByTime(samples: PendingSample[]): void {
  let newestMs = never;
  for (const { timeMs } of samples) {
    if (timeMs < newestMs) {
      samples.sort((a, b) => a.timeMs - b.timeMs);
      return;
    }
    newestMs = timeMs;
  }
}
