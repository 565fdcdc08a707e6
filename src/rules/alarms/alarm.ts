/**
 * The state of one alert on its line of event time: levels that come on after a delay and go off
 * after another.
 *
 * A level comes on when its condition held for its `for`, and goes off when the condition did not
 * hold for `keep_firing_for`. Levels are nested: one that is on has all milder ones on, one that is
 * breached has all milder ones breached. So two numbers hold everything: the highest level that is
 * on, and the highest that is breached; between the two, timers run.
 *
 * Timers count time that was passed with `run`; time passed with `skip` is frozen. Moments of
 * change are computed from the timers, not from the moment of the call.
 *
 * Invariants
 * - Between two resets the clock never goes back.
 * - Episodes of one alarm start at rising moments, also when clocks were set back.
 */
import type { AlertState } from "../../core/alert.ts";
import type { AlarmDelays, AlarmListener, AlarmState, LevelChange } from "./alarm-state.ts";

/** Before the first moment of a line. */
export const never = Number.NEGATIVE_INFINITY;

export class Alarm {
  #delays: AlarmDelays;
  readonly #listener: AlarmListener;
  #atMs: number;
  #level: number;
  #breach: number;
  #timers: number[];
  #startedMs: number;
  #firedMs: number;
  #previousStartMs: number;

  constructor(
    delays: AlarmDelays,
    listener: AlarmListener,
    state: AlarmState = { level: -1, breach: -1, timers: [] },
  ) {
    this.#delays = delays;
    this.#listener = listener;
    this.#atMs = state.at ?? never;
    this.#startedMs = state.started ?? never;
    this.#firedMs = state.fired ?? never;
    this.#previousStartMs = state.previous ?? never;
    this.#level = state.level;
    this.#breach = state.breach;
    const wereSamples = state.samples ?? false;
    const isOtherCount = wereSamples !== (delays.samples !== undefined) && this.#isRising;
    this.#timers = isOtherCount ? [] : [...state.timers];
    this.setDelays(delays);
  }

  /** Changes the delays; timers keep what they counted. Levels that are gone become the highest left. */
  setDelays(delays: AlarmDelays): void {
    const highest = delays.forMs.length - 1;
    this.#delays = delays;
    this.#level = Math.min(this.#level, highest);
    this.#breach = Math.min(this.#breach, highest);
    this.#timers = delays.forMs.map((_, index) => this.#timers[index] ?? 0);
  }

  get state(): AlertState {
    if (this.#level < 0) return this.#breach < 0 ? "ok" : "pending";
    return this.#breach < 0 ? "keeping" : "firing";
  }

  /** How far the line was judged. */
  get atMs(): number {
    return this.#atMs;
  }

  /** The highest level that is on; -1 for none. */
  get level(): number {
    return this.#level;
  }

  /** The highest level whose condition holds; -1 for none. */
  get breach(): number {
    return this.#breach;
  }

  /** When the episode, or what may become one, began. */
  get startedMs(): number {
    return this.#startedMs;
  }

  /** When the last episode that fired began; `never` before the first. Later ones begin after it. */
  get previousStartMs(): number {
    return this.#previousStartMs;
  }

  /** When the episode fired first; never before it started. */
  get firedMs(): number {
    return this.#firedMs;
  }

  /** When the next change is due if the condition stays as it is; infinity when none is. */
  get dueMs(): number {
    return this.#breach === this.#level ? Number.POSITIVE_INFINITY : this.#atMs + this.#waitMs();
  }

  /** One more sample leaves the condition as it is. What falls due by that, the next `run` makes. */
  countSample(): void {
    if (this.#delays.samples === undefined || !this.#isRising) return;
    for (let level = this.#level + 1; level <= this.#breach; level += 1)
      this.#timers[level] = this.#timer(level) + 1;
  }

  /** When what fires ends, whatever comes; infinity for never. */
  get closesMs(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** Nobody knows how the condition was up to `toMs`: what fires ends where that must be. */
  closeBy(_toMs: number): void {}

  /** Lets time pass up to `toMs` and makes every change that falls due. */
  run(toMs: number): void {
    if (this.#atMs === never) this.#atMs = toMs;
    while (this.#breach !== this.#level) {
      const waitMs = this.#waitMs();
      if (this.#atMs + waitMs > toMs) break;
      this.#count(waitMs);
      this.#change();
    }
    if (toMs > this.#atMs) this.#count(toMs - this.#atMs);
  }

  /** Lets time pass that does not count. */
  skip(toMs: number): void {
    if (toMs > this.#atMs) this.#atMs = toMs;
  }

  /** The condition is another from now on: `breach` is the highest level that holds. */
  turn(breach: number): void {
    const was = this.#breach;
    if (breach === was) return;
    for (let level = Math.min(was, breach) + 1; level <= Math.max(was, breach); level += 1)
      this.#timers[level] = 0;
    this.#breach = breach;
    if (was < 0 && this.#level < 0)
      this.#startedMs = Math.max(this.#atMs, this.#previousStartMs + 1);
  }

  /** Ends what fires, at once; without effect when nothing does. */
  end(atMs: number, change: "ended" | "closed" = "ended"): void {
    this.#breach = -1;
    if (this.#level >= 0) this.#setLevel(-1, atMs, change);
  }

  /** Knows of no episode any more, without a word; later ones start after `startedMs`. */
  forget(startedMs: number): void {
    this.#level = -1;
    this.#breach = -1;
    this.#timers.fill(0);
    this.#previousStartMs = Math.max(this.#previousStartMs, startedMs);
  }

  /** The line is moved by `byMs`: no time passes by that, and what has not fired began on the new one. */
  leap(byMs: number): void {
    if (this.#atMs !== never) this.#atMs += byMs;
    if (this.#level < 0 && this.#breach >= 0)
      this.#startedMs = Math.max(this.#startedMs + byMs, this.#previousStartMs + 1);
  }

  /** Leaves the line: time counts again from the next `run` or `skip` on, wherever that is. */
  leaveLine(): void {
    this.#atMs = never;
  }

  toState(): AlarmState {
    return {
      ...(this.#atMs !== never && { at: this.#atMs }),
      level: this.#level,
      breach: this.#breach,
      timers: [...this.#timers],
      ...(this.#delays.samples !== undefined && { samples: true }),
      ...(this.#startedMs !== never && { started: this.#startedMs }),
      ...(this.#firedMs !== never && { fired: this.#firedMs }),
      ...(this.#previousStartMs !== never && { previous: this.#previousStartMs }),
    };
  }

  get #isRising(): boolean {
    return this.#breach > this.#level;
  }

  get #countsSamples(): boolean {
    return this.#delays.samples !== undefined && this.#isRising;
  }

  /** The shortest time until a timer is over; only while timers run. */
  #waitMs(): number {
    let shortestMs = Number.POSITIVE_INFINITY;
    const from = Math.min(this.#level, this.#breach) + 1;
    for (let level = from; level <= Math.max(this.#level, this.#breach); level += 1)
      shortestMs = Math.min(shortestMs, this.#delayMs(level) - this.#timer(level));
    if (shortestMs <= 0) return 0;
    return this.#countsSamples ? Number.POSITIVE_INFINITY : shortestMs;
  }

  #count(ms: number): void {
    this.#atMs += ms;
    if (this.#countsSamples) return;
    const from = Math.min(this.#level, this.#breach) + 1;
    for (let level = from; level <= Math.max(this.#level, this.#breach); level += 1)
      this.#timers[level] = this.#timer(level) + ms;
  }

  /** Makes the change whose timer is over. Of several, up goes to the highest, down to the lowest. */
  #change(): void {
    if (this.#breach > this.#level) {
      let level = this.#breach;
      while (this.#timer(level) < this.#delayMs(level)) level -= 1;
      this.#setLevel(level, this.#atMs);
    } else {
      let level = this.#breach + 1;
      while (this.#timer(level) < this.#delayMs(level)) level += 1;
      this.#setLevel(level - 1, this.#atMs);
    }
  }

  #setLevel(level: number, atMs: number, end: LevelChange = "ended"): void {
    const was = this.#level;
    this.#level = level;
    if (was < 0) {
      this.#firedMs = Math.max(atMs, this.#startedMs);
      this.#previousStartMs = this.#startedMs;
      this.#listener.report("fired", this.#firedMs);
    } else if (level < 0) {
      this.#listener.report(end, Math.max(atMs, this.#firedMs));
    } else {
      this.#listener.report("level", Math.max(atMs, this.#firedMs));
    }
  }

  #delayMs(level: number): number {
    const { forMs, keepMs, samples } = this.#delays;
    return (this.#isRising ? (samples ?? forMs[level]) : keepMs) ?? 0;
  }

  #timer(level: number): number {
    return this.#timers[level] ?? 0;
  }
}
