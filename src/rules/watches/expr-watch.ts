/**
 * Watches an expression over several metrics of one device, three-valued as a threshold is.
 * Samples of one moment are judged together, when the line leaves it.
 */
import type { Measurement } from "../../core/measurement.ts";
import { type Alarm, never } from "../alarms/alarm.ts";
import { MissedFlag, MissingValue } from "../alarms/missing-value.ts";
import { openAlarm } from "../alarms/scheduled-alarm.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import type { Outbox } from "../words/outbox.ts";
import { labelsOf, type TransitionDraft } from "../words/transition.ts";
import { ExprAnswer } from "./expr-answer.ts";
import type { ExprCondition } from "./expr-condition.ts";
import { ExprEpisode } from "./expr-episode.ts";
import { ExprReadings } from "./expr-readings.ts";
import type { ExprState } from "./expr-state.ts";

/** A pending alert forgets its breach after this long, or after `for` if longer. */
const forgetPendingMs = 600_000;

export class ExprWatch {
  readonly kind = "expr";
  readonly rule: NamedRule;
  readonly alarm: Alarm;
  readonly #readings: ExprReadings;
  readonly #episode: ExprEpisode;
  readonly answer: ExprAnswer;
  #isKnown: boolean;
  #unknownMs: number;
  #isOpen: boolean;
  #judgedMs: number;
  readonly #patienceMs: number;
  readonly #missed: MissedFlag;
  readonly #missing: MissingValue;
  /** The revision of the rule that judged last. */
  #rev: string;

  constructor(
    rule: NamedRule,
    condition: ExprCondition,
    device: RuleDevice,
    outbox: Outbox,
    from: number | ExprState,
  ) {
    const state = typeof from === "number" ? undefined : from;
    this.rule = rule;
    this.#patienceMs = Math.max(forgetPendingMs, condition.forMs);
    this.#unknownMs = typeof from === "number" ? from : from.unknownAt;
    this.#readings = new ExprReadings(
      condition,
      rule.holdMs,
      device,
      labelsOf(rule, device),
      state?.readings ?? this.#unknownMs,
      this.#unknownMs,
    );
    this.answer = new ExprAnswer(condition, this.#readings, state);
    const moment = () => ({
      severity: condition.severity,
      stale: this.#missed.missing,
      startedMs: this.alarm.startedMs,
      firedMs: this.alarm.firedMs,
    });
    this.#episode = new ExprEpisode(rule, device, outbox, this.#readings, moment, state);
    const delays = { forMs: [condition.forMs], keepMs: rule.keepFiringForMs };
    this.alarm = openAlarm(rule.times, delays, this.#episode, state?.alarm);
    this.#isKnown = state?.known ?? false;
    this.#isOpen = state?.open ?? false;
    this.#judgedMs = state?.judged ?? never;
    this.#missed = new MissedFlag(state?.missed ?? false);
    this.#missing = new MissingValue(rule, this.alarm, this.#missed, this.#episode, state);
    this.#rev = state?.rev ?? state?.last?.rule_rev ?? rule.rev;
    if (state?.onMissing) this.#missing.goOn(state.onMissing);
  }

  get last(): TransitionDraft | undefined {
    return this.#episode.last;
  }

  get reasons(): readonly string[] {
    return this.answer.say(this.#isKnown ? String(this.alarm.breach >= 0) : "unknown");
  }

  reads(metric: string): boolean {
    return this.#readings.has(metric);
  }

  get dueMs(): number {
    if (this.#isOpen) return never;
    const nextMs = this.#readings.nextMs(this.#judgedMs);
    if (this.#isKnown || this.#missing.isBreach) return Math.min(nextMs, this.alarm.dueMs);
    const isPending = this.alarm.state === "pending";
    return Math.min(nextMs, isPending ? this.#unknownMs + this.#patienceMs : this.alarm.closesMs);
  }

  setDevice(device: RuleDevice): void {
    this.#readings.setDevice(device);
    this.#episode.setDevice(device);
    this.#isOpen = true;
  }

  observe(intervalMs: number | undefined, metric: string | undefined): void {
    if (metric !== undefined) this.#readings.observe(metric, intervalMs);
  }

  leave(atMs: number): void {
    for (const held of this.#readings.all) held.leave(atMs);
  }

  comeBack(reachMs: number): void {
    this.advance(reachMs);
    for (const held of this.#readings.all) held.comeBack();
    this.alarm.skip(reachMs);
    this.#isOpen = true;
  }

  replace(reachMs: number): void {
    this.advance(reachMs);
    for (const held of this.#readings.all) held.doubt(reachMs);
    this.#isOpen = true;
  }

  advance(reachMs: number): void {
    if (this.#isOpen) this.#judge();
    for (;;) {
      const nextMs = this.#readings.nextMs(this.#judgedMs);
      if (!(nextMs < reachMs)) break;
      this.#pass(nextMs);
      this.#readings.pass(nextMs);
      this.#judge();
    }
    this.#pass(this.#missing.isBreach ? reachMs : Math.min(reachMs, this.#readings.reachMs));
    this.alarm.closeBy(reachMs);
  }

  judge(sampleMs: number, sample: Measurement, reachMs: number): void {
    const held = this.#readings.held(sample.name);
    if (held === undefined) return;
    const toMs = Math.max(reachMs, sampleMs);
    if (toMs > this.alarm.atMs) this.advance(toMs);
    held.meet(sampleMs);
    if (this.alarm.atMs > held.reachMs) return;
    this.alarm.skip(sampleMs);
    if (this.rule.quality.includes(sample.quality)) this.#readings.take(sampleMs, sample);
    else held.doubt(this.alarm.atMs);
    this.#isOpen = true;
  }

  /** Metrics that the rule did not look at when this was saved. */
  takeUnread(): readonly string[] {
    return this.#readings.takeUnread();
  }

  recall(sampleMs: number, sample: Measurement, reachMs: number): void {
    const held = this.#readings.held(sample.name);
    if (held === undefined || !this.rule.quality.includes(sample.quality)) return;
    held.meet(sampleMs);
    this.#readings.take(sampleMs, sample);
    this.alarm.skip(Math.max(sampleMs, Math.min(reachMs, held.untilMs)));
    if (reachMs > held.untilMs) held.doubt(held.untilMs);
    this.#isOpen = true;
  }

  reset(fromMs: number, unknownMs: number): void {
    this.alarm.leaveLine();
    for (const held of this.#readings.all) held.leaveLine(fromMs, unknownMs);
    this.#isOpen = false;
    this.#judgedMs = never;
    this.#isKnown = false;
    this.#unknownMs = unknownMs;
  }

  leap(byMs: number): void {
    this.alarm.leap(byMs);
    for (const held of this.#readings.all) held.leap(byMs);
    this.#unknownMs += byMs;
    this.#judgedMs += byMs;
  }

  goOnBehind(stored: TransitionDraft): boolean {
    if (this.#episode.goOnBehind(stored)) return true;
    this.alarm.forget(Date.parse(stored.started_at));
    this.#readings.forget(this.alarm.atMs);
    this.#isOpen = true;
    return false;
  }

  toState(): ExprState {
    const reachMs = this.#missing.isBreach ? Number.POSITIVE_INFINITY : this.#readings.reachMs;
    return {
      alarm: this.alarm.toState(),
      readings: this.#readings.toState(),
      known: this.#isKnown,
      unknownAt: this.#unknownMs,
      ...(this.#isOpen && { open: true }),
      ...(this.#judgedMs !== never && { judged: this.#judgedMs }),
      ...(this.#missed.missing && { missed: true }),
      ...(this.last && { rev: this.#rev }),
      ...(Number.isFinite(reachMs) && { reach: reachMs }),
      ...((this.#isKnown || this.#missing.isBreach) && { counts: true }),
      ...this.#missing.toState(),
      ...this.answer.toState(),
      ...this.#episode.toState(),
    };
  }

  /** Time went on: it counts while the answer is known. */
  #pass(toMs: number): void {
    const { alarm } = this;
    if (this.#isKnown || this.#missing.isBreach) alarm.run(toMs);
    else {
      if (alarm.state === "pending" && toMs > this.#unknownMs + this.#patienceMs) alarm.turn(-1);
      alarm.skip(toMs);
    }
  }

  /** The expression is asked again, where the line stands. */
  #judge(): void {
    const { alarm } = this;
    this.#isOpen = false;
    this.#judgedMs = alarm.atMs;
    const answer = this.answer.at(alarm.atMs, alarm.breach >= 0);
    const isEdited = this.last !== undefined && this.#rev !== this.rule.rev;
    if (isEdited && answer === false && alarm.breach >= 0) this.#episode.marks.isByEdit = true;
    if (answer === undefined) this.#lose();
    else this.#know(answer);
  }

  #know(answer: boolean): void {
    const { alarm } = this;
    const before = this.#missed.missing ? this.last : undefined;
    this.#rev = this.rule.rev;
    this.#isKnown = true;
    this.#missed.forgetMiss();
    this.#missing.end();
    alarm.turn(answer ? 0 : -1);
    if (answer) this.#episode.marks.isByEdit = false;
    if (alarm.atMs !== never) alarm.run(alarm.atMs);
    if (before && this.last === before) this.#episode.mark("fresh", alarm.atMs);
  }

  #lose(): void {
    const { alarm } = this;
    if (this.#isKnown) this.#unknownMs = alarm.atMs;
    this.#isKnown = false;
    if (!this.#missed.missing && this.#readings.isMissing) this.#missing.notice(alarm.atMs);
  }
}
