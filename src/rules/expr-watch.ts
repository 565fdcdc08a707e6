/**
 * Watches an expression over several metrics of one device, three-valued as a threshold is.
 * Samples of one moment are judged together, when the line leaves it.
 */
import type { Measurement } from "../core/measurement.ts";
import { Alarm, never } from "./alarm.ts";
import { ExprAnswer } from "./expr-answer.ts";
import type { ExprCondition } from "./expr-condition.ts";
import { ExprEpisode, type Moment } from "./expr-episode.ts";
import { ExprReadings } from "./expr-readings.ts";
import type { ExprState } from "./expr-state.ts";
import type { Outbox } from "./outbox.ts";
import type { RuleDevice } from "./rule-device.ts";
import type { NamedRule } from "./rule-set.ts";
import { labelsOf, type TransitionDraft } from "./transition.ts";

/** A pending alert forgets its breach after this long, or after `for` if longer. */
const forgetPendingMs = 600_000;

export class ExprWatch {
  readonly kind = "expr";
  readonly rule: NamedRule;
  readonly alarm: Alarm;
  readonly #condition: ExprCondition;
  readonly #readings: ExprReadings;
  readonly #episode: ExprEpisode;
  readonly #answer: ExprAnswer;
  #isKnown: boolean;
  #unknownMs: number;
  #isOpen: boolean;
  #judgedMs: number;
  /** How long a pending alert waits for an answer. */
  readonly #patienceMs: number;
  #isMissed: boolean;

  constructor(
    rule: NamedRule,
    condition: ExprCondition,
    device: RuleDevice,
    outbox: Outbox,
    from: number | ExprState,
  ) {
    const state = typeof from === "number" ? undefined : from;
    this.rule = rule;
    this.#condition = condition;
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
    this.#answer = new ExprAnswer(condition, this.#readings, state);
    this.#episode = new ExprEpisode(rule, device, outbox, this.#readings, state);
    const delays = { forMs: [condition.forMs], keepMs: rule.keepFiringForMs };
    this.alarm = new Alarm(
      delays,
      (change, atMs) => this.#episode.report(change, this.#momentAt(atMs)),
      state?.alarm,
    );
    this.#isKnown = state?.known ?? false;
    this.#isOpen = state?.open ?? false;
    this.#judgedMs = state?.judged ?? never;
    this.#isMissed = state?.missed ?? false;
    if (state?.last && state.last.rule_rev !== rule.rev) {
      this.#episode.isByEdit = this.alarm.breach >= 0;
      this.#judge();
      if (this.last === undefined || this.alarm.breach >= 0) this.#episode.isByEdit = false;
    }
  }

  get last(): TransitionDraft | undefined {
    return this.#episode.last;
  }

  get reasons(): readonly string[] {
    return this.#answer.say(this.#isKnown ? String(this.alarm.breach >= 0) : "unknown");
  }

  reads(metric: string): boolean {
    return this.#readings.has(metric);
  }

  get dueMs(): number {
    if (this.#isOpen) return never;
    const nextMs = this.#readings.nextMs(this.#judgedMs);
    if (this.#isKnown || this.#isBreachByMissing) return Math.min(nextMs, this.alarm.dueMs);
    return this.alarm.state === "pending"
      ? Math.min(nextMs, this.#unknownMs + this.#patienceMs)
      : nextMs;
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
    this.#pass(this.#isBreachByMissing ? reachMs : Math.min(reachMs, this.#readings.reachMs));
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
    const { reachMs } = this.#readings;
    return {
      alarm: this.alarm.toState(),
      readings: this.#readings.toState(),
      known: this.#isKnown,
      unknownAt: this.#unknownMs,
      ...(this.#isOpen && { open: true }),
      ...(this.#judgedMs !== never && { judged: this.#judgedMs }),
      ...(this.#isMissed && { missed: true }),
      ...(Number.isFinite(reachMs) && { reach: reachMs }),
      ...((this.#isKnown || this.#isBreachByMissing) && { counts: true }),
      ...this.#answer.toState(),
      ...this.#episode.toState(),
    };
  }

  get #isBreachByMissing(): boolean {
    return this.#isMissed && this.rule.onMissing === "fire";
  }

  /** Time went on: it counts while the answer is known. */
  #pass(toMs: number): void {
    const { alarm } = this;
    if (this.#isKnown || this.#isBreachByMissing) alarm.run(toMs);
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
    const answer = this.#answer.at(alarm.atMs, alarm.breach >= 0);
    if (answer === undefined) this.#lose();
    else this.#know(answer);
  }

  #know(answer: boolean): void {
    const { alarm } = this;
    const wasMissed = this.#isMissed;
    this.#isKnown = true;
    this.#isMissed = false;
    alarm.turn(answer ? 0 : -1);
    if (answer) this.#episode.isByEdit = false;
    const before = wasMissed ? this.last : undefined;
    if (alarm.atMs !== never) alarm.run(alarm.atMs);
    if (before && this.last === before) this.#episode.mark("fresh", this.#momentAt(alarm.atMs));
  }

  #lose(): void {
    const { alarm } = this;
    if (this.#isKnown) this.#unknownMs = alarm.atMs;
    this.#isKnown = false;
    if (this.#isMissed || !this.#readings.isMissing) return;
    this.#isMissed = true;
    if (alarm.level >= 0 && this.rule.onMissing === "resolve") alarm.end(alarm.atMs);
    else if (alarm.level >= 0) this.#episode.mark("stale", this.#momentAt(alarm.atMs));
    if (this.rule.onMissing === "fire") alarm.turn(0);
  }

  #momentAt(atMs: number): Moment {
    const { firedMs, startedMs } = this.alarm;
    return { severity: this.#condition.severity, stale: this.#isMissed, startedMs, firedMs, atMs };
  }
}
