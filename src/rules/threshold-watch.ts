/**
 * Watches one value of one device: sample and hold, three-valued.
 *
 * Between two samples the last value counts, for `hold` at most; after that, and after a sample of
 * poor quality or a type that cannot be compared, the condition is unknown. Unknown time freezes
 * every timer. The line moves to the time of each sample and, between samples, to where the
 * watermark reaches, but no further than `hold` behind the last sample: a device that comes back
 * with a backlog is judged at the backlog's own times.
 */
import type { Measurement } from "../core/measurement.ts";
import { Alarm, type AlarmDelays, type AlarmState, type LevelChange } from "./alarm.ts";
import { EpisodeLog } from "./episode-log.ts";
import { type HeldState, HeldValue } from "./held-value.ts";
import type { Outbox } from "./outbox.ts";
import type { OnMissing, ThresholdCondition } from "./rule.ts";
import type { RuleDevice } from "./rule-device.ts";
import type { NamedRule } from "./rule-set.ts";
import type { TransitionDraft } from "./transition.ts";
import { type DeviceLevel, judgeLevels, levelFor } from "./verdict.ts";

/** A pending alert forgets its breach after this long without a value, or after `for` if longer. */
const forgetPendingMs = 600_000;
/** `hold` where the rule does not say: three intervals, and never less than this. */
const shortestHoldMs = 30_000;

/** The state of a watch as plain JSON. */
export interface ThresholdState extends HeldState {
  readonly alarm: AlarmState;
  readonly marks?: StaleMarks;
  /** What the rule said when the value was found missing, and whether only that is the breach. */
  readonly onMissing?: OnMissing;
  readonly byMissing?: boolean;
  /** It is normal since the rule was edited, not by a sample. */
  readonly edited?: boolean;
  readonly last?: TransitionDraft;
}

/** What the open episode has stored of its value's age: nothing, that it grew old, that it is new. */
type StaleMarks = 0 | 1 | 2;

export class ThresholdWatch {
  readonly kind = "threshold";
  readonly rule: NamedRule;
  readonly metric: string;
  readonly alarm: Alarm;
  readonly #condition: ThresholdCondition;
  readonly #log: EpisodeLog;
  readonly #held: HeldValue;
  #levels: readonly DeviceLevel[];
  #declaredMs: number | undefined;
  #observedMs: number | undefined;
  #marks: StaleMarks;
  #isByMissing: boolean;
  #isByEdit: boolean;

  /** A value is missed from `fromMs` on, until one comes. */
  constructor(
    rule: NamedRule,
    condition: ThresholdCondition,
    device: RuleDevice,
    outbox: Outbox,
    from: number | ThresholdState,
  ) {
    const state: ThresholdState | undefined = typeof from === "number" ? undefined : from;
    this.rule = rule;
    this.metric = condition.metric;
    this.#condition = condition;
    this.#log = new EpisodeLog(rule, device, outbox, state?.last);
    this.#held = new HeldValue(shortestHoldMs, from);
    this.#declaredMs = device.intervalMs;
    this.#setHold();
    this.#levels = condition.levels.map((level) => levelFor(level, device));
    this.#marks = state?.marks ?? (state?.last?.stale ? 1 : 0);
    this.alarm = new Alarm(
      this.#delays(),
      (change, atMs) => this.#report(change, atMs),
      state?.alarm,
    );
    this.#isByMissing = state?.byMissing ?? state?.last?.reason === "no_data";
    this.#isByEdit = state?.edited ?? false;
    const { breach } = this.alarm;
    this.#judgeHeldValue();
    const isEdited = state?.last !== undefined && state.last.rule_rev !== rule.rev;
    if (isEdited && breach >= 0 && this.alarm.breach < 0) this.#isByEdit = true;
    if (state?.onMissing && state.onMissing !== rule.onMissing) this.#missAnew(state.onMissing);
  }

  /** The value that counts, or why none does. */
  get held(): Readonly<HeldValue> {
    return this.#held;
  }

  /** The last transition of the open episode. */
  get last(): TransitionDraft | undefined {
    return this.#log.last;
  }

  /** The limit that counts now: of the level that is on, or of the mildest. */
  get limit(): DeviceLevel["limit"] | undefined {
    return this.#levels[Math.max(0, this.alarm.level)]?.limit;
  }

  /** Where on the device's line something may change without a sample; infinity for nowhere. */
  get dueMs(): number {
    const { known, missing, untilMs } = this.#held;
    const dueMs = known || this.#firesOnMissing ? this.alarm.dueMs : Number.POSITIVE_INFINITY;
    if (!missing && (this.alarm.state !== "ok" || this.rule.onMissing === "fire"))
      return Math.min(dueMs, untilMs);
    return this.alarm.state === "pending" ? Math.min(dueMs, this.#forgetMs) : dueMs;
  }

  /** The device is described anew: its limits and its interval may be others. */
  setDevice(device: RuleDevice): void {
    this.#levels = this.#condition.levels.map((level) => levelFor(level, device));
    this.#declaredMs = device.intervalMs;
    this.#setHold();
    this.#log.setDevice(device);
    this.alarm.setDelays(this.#delays());
    this.#judgeHeldValue();
  }

  /** How often the device was seen to send the metric; undefined where nobody knows. */
  observe(intervalMs: number | undefined): void {
    this.#observedMs = intervalMs;
    this.#setHold();
  }

  /** The device is gone, at `atMs` of its line: offline, or silent for too long. */
  leave(atMs: number): void {
    this.#held.leave(atMs);
  }

  /** The device is back, and did not say that the value is another. `reachMs` as in `advance`. */
  comeBack(reachMs: number): void {
    this.advance(reachMs);
    const wasMissing = this.#held.missing;
    if (!this.#held.comeBack()) return;
    this.alarm.skip(reachMs);
    this.#judgeHeldValue();
    if (wasMissing) this.#refresh();
  }

  /** Another device took the place: what is known is not of it. */
  replace(reachMs: number): void {
    this.advance(reachMs);
    this.#held.doubt(reachMs);
  }

  /** Time went on up to `reachMs` of the device's line, without a sample of this metric. */
  advance(reachMs: number): void {
    const held = this.#held;
    const { untilMs } = held;
    if (held.known) {
      this.alarm.run(Math.min(reachMs, untilMs));
      if (reachMs <= untilMs) return;
      held.doubt(untilMs);
    }
    if (!held.missing && reachMs > untilMs) this.#miss(untilMs);
    if (this.#firesOnMissing) {
      this.alarm.run(reachMs);
      return;
    }
    if (this.alarm.state === "pending" && reachMs > this.#forgetMs) this.alarm.turn(-1);
    this.alarm.skip(Math.min(reachMs, held.reachMs));
  }

  /**
   * A sample newer than all before it. `reachMs` is how far the line reached before it came; a
   * sample that the line has passed is judged where the line stands.
   */
  judge(sampleMs: number, measurement: Measurement, reachMs: number): void {
    const held = this.#held;
    this.advance(Math.max(reachMs, sampleMs));
    held.meet(sampleMs);
    if (this.alarm.atMs > held.reachMs) return;
    this.alarm.skip(sampleMs);
    const { value, quality } = measurement;
    const breach = this.rule.quality.includes(quality)
      ? judgeLevels(this.#levels, value, this.alarm.breach)
      : undefined;
    if (breach === undefined) {
      held.doubt(this.alarm.atMs);
      return;
    }
    this.#isByMissing = false;
    if (breach >= 0) this.#isByEdit = false;
    const wasMissing = held.missing;
    const isOfSameType = typeof value === typeof held.value;
    held.take(sampleMs, measurement);
    if (!isOfSameType) this.#setHold();
    this.alarm.turn(breach);
    if (wasMissing) this.#refresh();
    else this.alarm.run(this.alarm.atMs);
  }

  /** The watch is new, and the value of `sampleMs` may still hold: it is judged from `reachMs` on. */
  recall(sampleMs: number, measurement: Measurement, reachMs: number): void {
    const { value, quality } = measurement;
    const breach = judgeLevels(this.#levels, value, -1);
    if (breach === undefined || !this.rule.quality.includes(quality)) return;
    this.#held.meet(sampleMs);
    this.#held.take(sampleMs, measurement);
    this.#setHold();
    this.alarm.skip(Math.max(sampleMs, Math.min(reachMs, this.#held.untilMs)));
    if (reachMs <= this.#held.untilMs) this.alarm.turn(breach);
  }

  /** Unknown, since `unknownMs`, until the next sample, which is missed from `fromMs` on. */
  reset(fromMs: number, unknownMs: number): void {
    this.alarm.leaveLine();
    this.#held.leaveLine(fromMs, unknownMs);
  }

  /** The line is moved by `byMs`: the device's clock was set. */
  leap(byMs: number): void {
    this.alarm.leap(byMs);
    this.#held.leap(byMs);
  }

  /**
   * What led to `stored`, the last stored transition of this alert, can never be read: what comes
   * now stands behind it. True when the open episode is the stored one and goes on; else none is
   * open any more, and the condition is unknown until its next sample.
   */
  goOnBehind(stored: TransitionDraft): boolean {
    if (this.#log.goOnBehind(stored)) return true;
    this.alarm.forget(Date.parse(stored.started_at));
    this.#held.doubt(this.alarm.atMs);
    this.#held.forgetMiss();
    return false;
  }

  toState(): ThresholdState {
    return {
      alarm: this.alarm.toState(),
      ...this.#held.toState(),
      marks: this.#marks,
      onMissing: this.rule.onMissing,
      ...(this.#isByMissing && { byMissing: true }),
      ...(this.#isByEdit && { edited: true }),
      ...(this.#log.last && { last: this.#log.last }),
    };
  }

  get #firesOnMissing(): boolean {
    return this.#held.missing && this.rule.onMissing === "fire";
  }

  /** Until when a pending alert waits for a value. */
  get #forgetMs(): number {
    return this.#held.unknownMs + Math.max(forgetPendingMs, this.#levels[0]?.forMs ?? 0);
  }

  /**
   * What reports on change holds until its device is gone: texts and truths unless the profile
   * names an interval, and numbers as long as none is known.
   */
  #setHold(): void {
    const { value } = this.#held;
    const intervalMs =
      this.#declaredMs ?? (typeof value === "number" ? this.#observedMs : undefined);
    const isOnChange = intervalMs === undefined && value !== undefined;
    this.#held.holdMs =
      this.rule.holdMs ??
      (isOnChange ? Number.POSITIVE_INFINITY : Math.max(shortestHoldMs, 3 * (intervalMs ?? 0)));
  }

  /** The value counts again: makes what is due, or says that it is fresh. */
  #refresh(): void {
    const before = this.#log.last;
    this.alarm.run(this.alarm.atMs);
    if (before !== undefined && this.#log.last === before) this.#mark("fresh", this.alarm.atMs);
  }

  #delays(): AlarmDelays {
    return { forMs: this.#levels.map(({ forMs }) => forMs), keepMs: this.rule.keepFiringForMs };
  }

  /** Limits changed: the value that still counts is judged by the new ones, from now on. */
  #judgeHeldValue(): void {
    const { known, value } = this.#held;
    if (!known || value === undefined) return;
    const breach = judgeLevels(this.#levels, value, this.alarm.breach);
    if (breach !== undefined) this.alarm.turn(breach);
  }

  /** The value is too old since `atMs`. A missing value that fires counts as a breach. */
  #miss(atMs: number): void {
    this.#held.miss();
    const fires = this.alarm.level >= 0;
    if (fires && this.rule.onMissing === "resolve") {
      this.alarm.end(atMs);
      return;
    }
    if (fires) this.#mark("stale", atMs);
    if (this.rule.onMissing !== "fire") return;
    this.alarm.skip(atMs);
    this.#isByMissing = this.alarm.breach < 0;
    this.alarm.turn(Math.max(0, this.alarm.level));
  }

  /** The rule says something else now about the value that is missing: it is noticed anew. */
  #missAnew(before: OnMissing): void {
    if (!this.#held.missing) return;
    if (before === "fire" && this.#isByMissing) {
      this.#isByEdit = this.rule.onMissing === "keep";
      if (this.alarm.level >= 0) this.alarm.end(this.alarm.atMs);
      else this.alarm.turn(-1);
    }
    this.#isByMissing = false;
    this.#held.forgetMiss();
  }

  /** Once per episode each way: a device that uploads would else say so with every upload. */
  #mark(reason: "stale" | "fresh", atMs: number): void {
    const next = reason === "stale" ? 1 : 2;
    if (next !== this.#marks + 1) return;
    this.#marks = next;
    this.#write("firing", reason, atMs);
  }

  #report(change: LevelChange, atMs: number): void {
    if (change === "fired") this.#marks = this.#held.missing ? 1 : 0;
    if (change === "level") this.#write("firing", "level", atMs);
    else if (change === "fired")
      this.#write("firing", this.#held.missing ? "no_data" : "for_elapsed", atMs);
    else {
      const otherwise = this.#held.missing ? "no_data" : "normal";
      this.#write("ended", this.#isByEdit ? "rule_changed" : otherwise, atMs);
      this.#isByEdit = false;
    }
  }

  #write(state: "firing" | "ended", reason: string, atMs: number): void {
    const level = this.#levels[this.alarm.level];
    const { last } = this.#log;
    this.#log.write({
      state,
      reason,
      severity: level?.severity ?? last?.severity ?? "warning",
      stale: this.#held.missing,
      quiet: (reason === "stale" || reason === "fresh") && this.rule.onMissing === "keep",
      value: this.#held.value,
      // A value that is normal crossed the mildest limit, as it is now.
      limit: level?.limit ?? (reason === "no_data" ? last : this.#levels[0])?.limit,
      unit: this.#held.unit,
      startedMs: this.alarm.startedMs,
      firedMs: this.alarm.firedMs,
      atMs,
    });
  }
}
