/**
 * An alarm that is one at certain times of the week only, on its line: outside of them its condition
 * does not hold, whatever it is asked for.
 *
 * When the times begin, what holds then is a breach that begins there. When they end, what fires ends,
 * and what is pending is forgotten. Of a condition that nobody knows at such a moment, nothing is known
 * behind it.
 */
import type { WeekTimes } from "../../core/week-times.ts";
import { Alarm, never } from "./alarm.ts";
import type { AlarmDelays, AlarmListener, AlarmState } from "./alarm-state.ts";

/**
 * One step over more than this is a clock that is wrong, not so much time: of the times of the week in
 * it only those at its end are looked at, so that no device can ask for a million of them.
 */
const longestStepMs = 31 * 86_400_000;

/** The alarm of a rule; `times` are those of its schedule. */
export function openAlarm(
  times: WeekTimes | undefined,
  delays: AlarmDelays,
  listener: AlarmListener,
  state?: AlarmState,
): Alarm {
  if (times) return new ScheduledAlarm(times, delays, listener, state);
  const alarm = new Alarm(delays, listener, state);
  // The rule had a schedule when it was saved, and has none any more.
  if (state?.asked !== undefined) alarm.turn(state.asked);
  return alarm;
}

class ScheduledAlarm extends Alarm {
  readonly #times: WeekTimes;
  #asked: number;

  constructor(times: WeekTimes, delays: AlarmDelays, listener: AlarmListener, state?: AlarmState) {
    super(delays, listener, state);
    this.#times = times;
    this.#asked = Math.min(state?.asked ?? super.breach, delays.forMs.length - 1);
  }

  /** What the condition says by itself. */
  override get breach(): number {
    return this.#asked;
  }

  override get dueMs(): number {
    if (this.#isIdle) return super.dueMs;
    return Math.min(super.dueMs, this.#isSettled ? this.#changeMs : this.atMs);
  }

  override get closesMs(): number {
    if (this.level < 0) return Number.POSITIVE_INFINITY;
    return this.#isSettled ? this.#changeMs : this.atMs;
  }

  override run(toMs: number): void {
    this.#settle(toMs);
    if (!this.#isIdle && toMs - this.atMs > longestStepMs) this.#leapTo(toMs - longestStepMs);
    while (!this.#isIdle && this.#changeMs <= toMs) {
      const changeMs = this.#changeMs;
      // What is over at the very moment of a change is over outside.
      super.run(changeMs - 1);
      super.skip(changeMs);
      this.#follow();
    }
    super.run(toMs);
  }

  override skip(toMs: number): void {
    this.#settle(toMs);
    if (!this.#isIdle && this.#changeMs <= toMs) {
      super.skip(this.#changeMs);
      this.#asked = -1;
      this.#follow();
    }
    super.skip(toMs);
  }

  override closeBy(toMs: number): void {
    if (this.level < 0) return;
    if (this.atMs !== never) this.skip(Math.min(toMs, this.closesMs));
    else if (!this.#times.isWithin(toMs)) this.skip(toMs);
  }

  override turn(breach: number): void {
    this.#asked = breach;
    if (this.#isWithin) super.turn(breach);
    // It may be pending from before it had a schedule.
    else if (this.level < 0) super.turn(-1);
  }

  override end(atMs: number): void {
    this.#asked = -1;
    super.end(atMs);
  }

  override forget(startedMs: number): void {
    this.#asked = -1;
    super.forget(startedMs);
  }

  override toState(): AlarmState {
    const state = super.toState();
    return this.#asked === state.breach ? state : { ...state, asked: this.#asked };
  }

  get #isIdle(): boolean {
    return this.#asked < 0 && this.level < 0;
  }

  get #isWithin(): boolean {
    return this.#times.isWithin(this.atMs);
  }

  get #changeMs(): number {
    return this.#times.nextChangeMs(this.atMs);
  }

  /** The alarm is as the times where it stands want it; it is not where it was saved or moved elsewhere. */
  get #isSettled(): boolean {
    return this.atMs !== never && super.breach === (this.#isWithin ? this.#asked : -1);
  }

  /** Takes a line that begins anew to `toMs`, and the alarm to where its line stands. */
  #settle(toMs: number): void {
    if (this.atMs === never) super.skip(toMs);
    if (!this.#isIdle) this.#follow();
  }

  /** What fires ends where it must; what holds does so behind it, too. */
  #leapTo(toMs: number): void {
    const asked = this.#asked;
    this.skip(toMs);
    this.#asked = asked;
    this.#follow();
  }

  #follow(): void {
    if (this.#isWithin) super.turn(this.#asked);
    else if (this.level >= 0) super.end(this.atMs, "closed");
    else super.turn(-1);
  }
}
