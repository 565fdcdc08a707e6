/**
 * Watches one value of one device: sample and hold, three-valued.
 *
 * Between two samples the last value counts, for `hold` at most; after that, and after a sample of
 * poor quality or a type that cannot be compared, the condition is unknown. Unknown time freezes
 * every timer (`value-time.ts`). The line moves to the time of each sample and, between samples, to
 * where the watermark reaches, but no further than `hold` behind the last sample: a device that comes
 * back with a backlog is judged at the backlog's own times.
 */
import type { Measurement } from "../../core/measurement.ts";
import { type Alarm, never } from "../alarms/alarm.ts";
import type { AlarmState } from "../alarms/alarm-state.ts";
import { type DeviceLevels, levelsFor } from "../alarms/device-levels.ts";
import { type HeldState, HeldValue } from "../alarms/held-value.ts";
import { HoldTime } from "../alarms/hold-time.ts";
import { type MissingState, MissingValue } from "../alarms/missing-value.ts";
import { openAlarm } from "../alarms/scheduled-alarm.ts";
import { dueOf, passTime } from "../alarms/value-time.ts";
import type { LeveledCondition } from "../rule.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import type { Outbox } from "../words/outbox.ts";
import type { TransitionDraft } from "../words/transition.ts";
import {
  type SaidValue,
  ThresholdEpisode,
  type ThresholdEpisodeState,
} from "./threshold-episode.ts";

/** The state of a watch as plain JSON. */
export interface ThresholdState extends HeldState, MissingState, ThresholdEpisodeState {
  readonly alarm: AlarmState;
}

export class ThresholdWatch {
  readonly kind = "threshold";
  readonly rule: NamedRule;
  readonly metric: string;
  readonly alarm: Alarm;
  /** The value that counts, or why none does. */
  readonly held: HeldValue;
  readonly missing: MissingValue;
  /** What of the value transitions say; undefined: itself. */
  readonly said: (() => SaidValue) | undefined;
  /** Nothing is asked of it: see `MetricWatches`. */
  isAtRest = false;
  readonly #condition: LeveledCondition;
  #levels: DeviceLevels;
  readonly #hold: HoldTime;
  readonly #episode: ThresholdEpisode;

  /** A value is missed from `from` on, until one comes. `said`: what of it transitions say. */
  constructor(
    rule: NamedRule,
    condition: LeveledCondition,
    device: RuleDevice,
    outbox: Outbox,
    from: number | ThresholdState,
    said?: () => SaidValue,
  ) {
    const state: ThresholdState | undefined = typeof from === "number" ? undefined : from;
    this.rule = rule;
    this.metric = condition.metric;
    this.said = said;
    this.#condition = condition;
    this.#levels = levelsFor(rule, condition, device);
    this.#hold = new HoldTime(rule.holdMs, device.intervalMs);
    this.held = new HeldValue(from);
    this.#setHold();
    this.#episode = new ThresholdEpisode(rule, device, outbox, this, state);
    this.alarm = openAlarm(rule.times, this.#levels.delays, this.#episode, state?.alarm);
    this.missing = new MissingValue(rule, this.alarm, this.held, this.#episode, state);
    if (state) this.#takeUp(state);
  }

  /** True for the metric whose samples it judges. */
  reads(metric: string): boolean {
    return metric === this.metric;
  }

  get levels(): DeviceLevels {
    return this.#levels;
  }

  /** The last transition of the open episode. */
  get last(): TransitionDraft | undefined {
    return this.#episode.last;
  }

  /** The limit that counts now: of the level that is on, or of the mildest. */
  get limit(): TransitionDraft["limit"] {
    return this.#levels.at(Math.max(0, this.alarm.level))?.limit;
  }

  /** Where on the device's line something may change without a sample; infinity for nowhere. */
  get dueMs(): number {
    return dueOf(this, this.rule.onMissing, this.#levels.patienceMs);
  }

  /** The device is described anew, or the rule was edited: limits and holds may be others. */
  setDevice(device: RuleDevice): void {
    const beforeMs = this.held.holdMs;
    this.#levels = levelsFor(this.rule, this.#condition, device);
    this.#hold.declare(device.intervalMs);
    this.#setHold();
    this.#episode.setDevice(device);
    this.alarm.setDelays(this.#levels.delays);
    const isBack = this.held.growOlder(beforeMs);
    this.#judgeHeldValue();
    if (isBack) this.#refresh();
  }

  /** How often the device was seen to send the metric; undefined where nobody knows. */
  observe(intervalMs: number | undefined): void {
    this.#hold.observe(intervalMs);
    this.#setHold();
  }

  /** The device is gone, at `atMs` of its line: offline, or silent for too long. */
  leave(atMs: number): void {
    this.held.leave(atMs);
  }

  /** The device is back, and did not say that the value is another. `reachMs` as in `advance`. */
  comeBack(reachMs: number): void {
    this.advance(reachMs);
    const wasMissing = this.held.missing;
    if (!this.held.comeBack()) return;
    this.alarm.skip(reachMs);
    this.#judgeHeldValue();
    if (wasMissing) this.#refresh();
  }

  /** What is known does not count any more, until the next sample: another device took the place. */
  replace(reachMs: number): void {
    this.advance(reachMs);
    this.held.doubt(reachMs);
  }

  /** Time went on up to `reachMs` of the device's line, without a sample of this metric. */
  advance(reachMs: number): void {
    passTime(this, reachMs, this.#levels.patienceMs);
  }

  /**
   * A sample newer than all before it; undefined: one of which nothing can be said. `reachMs` is how
   * far the line reached before it came; a sample that the line has passed is judged where the line
   * stands. One that is not `isNew` is a value like any other, and not counted.
   */
  judge(sampleMs: number, sample: Measurement | undefined, reachMs: number, isNew: boolean): void {
    const held = this.held;
    this.advance(Math.max(reachMs, sampleMs));
    held.meet(sampleMs);
    if (this.alarm.atMs > held.reachMs) return;
    this.alarm.skip(sampleMs);
    const breach = sample && this.#levels.breachOfSample(sample, this.alarm.breach);
    if (sample === undefined || breach === undefined) {
      held.doubt(this.alarm.atMs);
      return;
    }
    this.missing.end();
    if (breach >= 0) this.#episode.marks.isByEdit = false;
    const wasMissing = held.missing;
    const isCounted = isNew && !(held.known && held.valueMs === sampleMs);
    const isOfSameType = typeof sample.value === typeof held.value;
    held.take(sampleMs, sample);
    if (!isOfSameType) this.#setHold();
    this.alarm.turn(breach);
    if (isCounted) this.alarm.countSample();
    if (wasMissing) this.#refresh();
    else this.alarm.run(this.alarm.atMs);
  }

  /** The watch is new, and the value of `sampleMs` may still hold: it is judged from `reachMs` on. */
  recall(sampleMs: number, measurement: Measurement, reachMs: number): void {
    const breach = this.#levels.breachOfSample(measurement, -1);
    if (breach === undefined) return;
    this.held.meet(sampleMs);
    this.held.take(sampleMs, measurement);
    this.#setHold();
    this.alarm.skip(Math.max(sampleMs, Math.min(reachMs, this.held.untilMs)));
    if (reachMs <= this.held.untilMs) this.alarm.turn(breach);
    else this.held.doubt(this.held.untilMs);
  }

  /** Unknown, since `unknownMs`, until the next sample, which is missed from `fromMs` on. */
  reset(fromMs: number, unknownMs: number): void {
    this.alarm.leaveLine();
    this.held.leaveLine(fromMs, unknownMs);
  }

  /** The line is moved by `byMs`: the device's clock was set. */
  leap(byMs: number): void {
    this.alarm.leap(byMs);
    this.held.leap(byMs);
  }

  /**
   * What led to `stored`, the last stored transition of this alert, can never be read: what comes
   * now stands behind it. True when the open episode is the stored one and goes on; else none is
   * open any more, and the condition is unknown until its next sample.
   */
  goOnBehind(stored: TransitionDraft): boolean {
    if (this.#episode.goOnBehind(stored)) return true;
    this.alarm.forget(Date.parse(stored.started_at));
    this.held.doubt(this.alarm.atMs);
    this.held.forgetMiss();
    return false;
  }

  toState(): ThresholdState {
    return {
      alarm: this.alarm.toState(),
      ...this.held.toState(),
      ...this.missing.toState(),
      ...this.#episode.toState(),
    };
  }

  #setHold(): void {
    this.held.holdMs = this.#hold.msFor(this.held.value);
  }

  /** The value counts again: makes what is due, or says that it is fresh. */
  #refresh(): void {
    const before = this.last;
    this.alarm.run(this.alarm.atMs);
    if (before !== undefined && this.last === before) this.#episode.mark("fresh", this.alarm.atMs);
  }

  /** Goes on from what was saved; the rule may have been edited since. */
  #takeUp({ alarm, last, onMissing }: ThresholdState): void {
    const { atMs, breach, level } = this.alarm;
    if (level >= 0 && level < alarm.level && atMs !== never) this.#episode.report("level", atMs);
    this.#judgeHeldValue();
    const isEdited = last !== undefined && last.rule_rev !== this.rule.rev;
    if (isEdited && breach >= 0 && this.alarm.breach < 0) this.#episode.marks.isByEdit = true;
    if (onMissing) this.missing.goOn(onMissing);
  }

  /** Limits changed: the value that still counts is judged by the new ones, from now on. */
  #judgeHeldValue(): void {
    const { known, value } = this.held;
    if (!known || value === undefined) return;
    const breach = this.#levels.breachOf(value, this.alarm.breach);
    if (breach !== undefined) this.alarm.turn(breach);
  }
}
