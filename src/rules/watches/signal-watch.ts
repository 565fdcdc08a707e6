/**
 * Watches a signal of one device: what is made of the samples of a metric is judged as a value is,
 * with the same holds, levels and words (`threshold-watch.ts`).
 *
 * Messages that a broker had kept, or a bridge says again, are no readings: they make no signal. Nor
 * does a second value of the same moment.
 */
import type { Measurement } from "../../core/measurement.ts";
import { type Alarm, never } from "../alarms/alarm.ts";
import type { HeldValue } from "../alarms/held-value.ts";
import { HoldTime } from "../alarms/hold-time.ts";
import type { SignalCondition } from "../rule.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import {
  isMadeAs,
  openSignal,
  type SavedSignal,
  type Signal,
  signalKeyOf,
} from "../signals/signal.ts";
import type { Outbox } from "../words/outbox.ts";
import type { TransitionDraft } from "../words/transition.ts";
import { type CountedState, CountedTime } from "./counted-time.ts";
import { type ThresholdState, ThresholdWatch } from "./threshold-watch.ts";

/** The state of a watch as plain JSON. */
export interface SignalWatchState extends ThresholdState, CountedState {
  /** How the signal is made. */
  readonly made: string;
  readonly signal: SavedSignal;
  /** The last reading was a text or a truth; absent for a number. */
  readonly type?: "string";
  /** Time of the newest reading; absent where the line begins with the next. */
  readonly newest?: number;
}

export class SignalWatch {
  readonly kind = "signal";
  readonly rule: NamedRule;
  readonly metric: string;
  readonly #made: string;
  readonly #signal: Signal;
  readonly #judged: ThresholdWatch;
  readonly #counted: CountedTime;
  /** How long a reading counts; of what is made of them, the judged one knows. */
  readonly #hold: HoldTime;
  #isNumber: boolean;
  #newestMs: number;

  /** As of a threshold. A signal that is made otherwise since the rule was edited begins anew. */
  constructor(
    rule: NamedRule,
    condition: SignalCondition,
    device: RuleDevice,
    outbox: Outbox,
    from: number | SignalWatchState,
  ) {
    const state = typeof from === "number" ? undefined : from;
    this.rule = rule;
    this.metric = condition.metric;
    this.#made = signalKeyOf(condition);
    const goesOn = state !== undefined && isMadeAs(this.#made, state.made);
    this.#signal = openSignal(condition, goesOn ? state.signal : undefined);
    this.#judged = new ThresholdWatch(
      rule,
      condition,
      device,
      outbox,
      state ? (goesOn ? judgedAnew(state, this.#signal) : doubted(state)) : from,
      this.#signal.said,
    );
    this.#counted = new CountedTime(goesOn ? state : undefined);
    this.#hold = new HoldTime(rule.holdMs, device.intervalMs);
    this.#isNumber = state?.type === undefined;
    this.#newestMs = (goesOn ? state.newest : undefined) ?? never;
  }

  reads(metric: string): boolean {
    return metric === this.metric;
  }

  get alarm(): Alarm {
    return this.#judged.alarm;
  }

  /** The signal that counts, or why none does. */
  get held(): Readonly<HeldValue> {
    return this.#judged.held;
  }

  get last(): TransitionDraft | undefined {
    return this.#judged.last;
  }

  get limit(): TransitionDraft["limit"] {
    return this.#judged.limit;
  }

  get reason(): string | undefined {
    return this.#signal.reason;
  }

  get dueMs(): number {
    return Math.min(this.#judged.dueMs, this.#signal.dueMs);
  }

  setDevice(device: RuleDevice): void {
    this.#judged.setDevice(device);
    this.#hold.declare(device.intervalMs);
  }

  observe(intervalMs: number | undefined): void {
    this.#judged.observe(intervalMs);
    this.#hold.observe(intervalMs);
  }

  leave(atMs: number): void {
    const holdMs = this.#countsMs;
    if (holdMs === Number.POSITIVE_INFINITY) this.#counted.stop(atMs, holdMs);
    this.#judged.leave(atMs);
    this.#signal.leave?.();
  }

  comeBack(reachMs: number): void {
    this.advance(reachMs);
    this.#judged.comeBack(reachMs);
    if (this.held.known) this.#counted.goOn(reachMs);
  }

  replace(reachMs: number): void {
    this.advance(reachMs);
    this.#judged.replace(reachMs);
    this.#beginAnew();
    this.#signal.forget();
  }

  advance(reachMs: number): void {
    for (let { dueMs } = this.#signal; dueMs <= reachMs; { dueMs } = this.#signal) {
      const signal = this.#signal.pass(reachMs);
      if (signal) this.#judged.judge(dueMs, signal, dueMs, true);
      else this.#judged.replace(dueMs);
    }
    this.#judged.advance(reachMs);
  }

  judge(sampleMs: number, sample: Measurement, reachMs: number, isNew: boolean): void {
    this.advance(Math.max(reachMs, sampleMs));
    if (!isNew || sampleMs <= this.#newestMs) return;
    const signal = this.#take(sampleMs, sample, sampleMs);
    this.#judged.judge(sampleMs, signal, reachMs, true);
  }

  /** One that is older than others. */
  takeLate(sampleMs: number, sample: Measurement): void {
    if (this.rule.quality.includes(sample.quality)) this.#signal.takeLate?.(sampleMs, sample);
  }

  /** As of a threshold: the value that still holds is the first sample of a new signal. */
  recall(sampleMs: number, sample: Measurement, reachMs: number): void {
    const signal = this.#take(sampleMs, sample, Math.max(sampleMs, reachMs));
    if (signal) this.#judged.recall(sampleMs, signal, reachMs);
  }

  reset(fromMs: number, unknownMs: number): void {
    this.#judged.reset(fromMs, unknownMs);
    this.#beginAnew();
    this.#signal.reset();
  }

  leap(byMs: number): void {
    this.#judged.leap(byMs);
    this.#signal.leap(byMs);
    this.#counted.leap(byMs);
    this.#newestMs += byMs;
  }

  goOnBehind(stored: TransitionDraft): boolean {
    return this.#judged.goOnBehind(stored);
  }

  toState(): SignalWatchState {
    return {
      ...this.#judged.toState(),
      made: this.#made,
      signal: this.#signal.toState(),
      ...(!this.#isNumber && { type: "string" }),
      ...(this.#newestMs !== never && { newest: this.#newestMs }),
      ...this.#counted.toState(),
    };
  }

  get #countsMs(): number {
    return this.#hold.msFor(this.#isNumber ? 0 : "");
  }

  /** What the signal is by a sample; it counts from `fromMs` on. */
  #take(sampleMs: number, sample: Measurement, fromMs: number): Measurement | undefined {
    const holdMs = this.#countsMs;
    if (!this.rule.quality.includes(sample.quality)) {
      this.#counted.stop(fromMs, holdMs);
      return undefined;
    }
    this.#newestMs = sampleMs;
    this.#isNumber = typeof sample.value === "number";
    const countedMs = this.#counted.take(fromMs, holdMs);
    return this.#signal.take(sampleMs, sample, countedMs, this.alarm.state !== "ok");
  }

  #beginAnew(): void {
    this.#counted.forget();
    this.#newestMs = never;
  }
}

/** The value in it was made by other parameters: limits cannot be held against it. */
function doubted(state: SignalWatchState): SignalWatchState {
  return { ...state, known: false, unknownAt: state.alarm.at ?? state.unknownAt };
}

/** Its own limits may be others since. */
function judgedAnew(state: SignalWatchState, { now }: Signal): SignalWatchState {
  return now === undefined || !state.known ? state : { ...state, value: now };
}
