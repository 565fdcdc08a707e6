/**
 * Gateway time: the wall clock at start plus monotonic time.
 *
 * It does not jump when somebody sets the clock. A step of the wall clock is noticed by `check` and
 * adopted on purpose, so that the watermark can say `reset` and the rules can start anew from there.
 *
 * Invariants
 * - Between two adopted steps, `nowMs` never goes back.
 * - While `synced` is false, no time it gives may move a condition of a rule.
 */
import type { Clock, EpochMs } from "./clock.ts";

/** The wall clock may differ from gateway time by this much before it counts as a step. */
export const clockStepMs = 2_000;

export class GatewayTime {
  readonly #clock: Clock;
  readonly #releasedMs: EpochMs;
  #earliestMs: EpochMs;
  #offsetMs: number;

  /**
   * Both moments are past: the release of this program, and the last time found in the log. A wall
   * clock before either is not yet set (a box without a battery clock).
   */
  constructor(clock: Clock, releasedMs: EpochMs, lastMs: EpochMs = releasedMs) {
    this.#clock = clock;
    this.#releasedMs = releasedMs;
    this.#earliestMs = Math.max(releasedMs, lastMs);
    this.#offsetMs = clock.wallMs() - clock.monotonicMs();
  }

  /** Now, in gateway time, whole milliseconds. */
  nowMs(): EpochMs {
    return Math.floor(this.#clock.monotonicMs() + this.#offsetMs);
  }

  /** False while the clock of the box shows a time that cannot be. */
  get synced(): boolean {
    return this.syncedAt(this.nowMs());
  }

  /** The same of a moment that `nowMs` has just given. */
  syncedAt(nowMs: EpochMs): boolean {
    return nowMs >= this.#earliestMs;
  }

  /**
   * Takes the wall clock for right although the log has later times: it was set back while nobody
   * looked. True when the time is known only since this call.
   */
  believe(): boolean {
    if (this.synced || this.nowMs() < this.#releasedMs) return false;
    this.#earliestMs = this.#releasedMs;
    return true;
  }

  /**
   * Looks for a step of the wall clock and adopts it; returns its size when there was one. Whoever
   * sets a clock back that knew the time corrects it: what the log says counts no more then.
   */
  adoptStep(): number | undefined {
    const stepMs = this.#clock.wallMs() - this.#clock.monotonicMs() - this.#offsetMs;
    if (Math.abs(stepMs) <= clockStepMs) return undefined;
    if (stepMs < 0 && this.synced) this.#earliestMs = this.#releasedMs;
    this.#offsetMs += stepMs;
    return stepMs;
  }
}
