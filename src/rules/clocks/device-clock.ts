/**
 * The clock of one device, as its samples show it: how late they are, and whether it was set.
 *
 * The line of event time goes at the speed of the gateway's clock whatever the device's clock does.
 * Where that was set, the line is moved by the same distance, forward or back, with all that was
 * known on it; no time passes by that.
 *
 * Invariant: a device that goes on sending is judged again after `patienceMs` at the latest.
 */
import { never } from "../alarms/alarm.ts";
import type { PendingSample } from "../devices/pending-sample.ts";
import { ClockSuspicion, type SuspicionAnswer, type SuspicionState } from "./clock-suspicion.ts";
import { DeviceLag, type LagState } from "./device-lag.ts";
import type { LagEntry } from "./lag-memory.ts";

/** Clocks are compared to this. */
const toleranceMs = 60_000;
/** A lag that so many samples showed is that of a clock. */
const steadyCount = 3;

/** Plain JSON; everything is absent before the first sample. */
export interface ClockState {
  readonly lag: LagState;
  readonly steady?: readonly [lagMs: number, sinceMs: number, count: number, gapMs: number];
  readonly last?: readonly [receivedMs: number, timeMs: number];
  readonly suspicion?: SuspicionState;
  readonly suspect?: true;
  readonly setBack?: number;
}

export class DeviceClock {
  #lag: DeviceLag;
  /** Time of the newest sample, and when it was received. */
  #lastMs: number;
  #lastReceivedMs: number;
  /** The lag that samples show again and again, since when, how often; and the last step of time. */
  #steadyMs = never;
  #steadySinceMs = never;
  #steadyCount = 0;
  #gapMs = 0;
  #suspicion: ClockSuspicion | undefined;
  #isSuspect: boolean;
  #setBackCount: number;

  /** `last` and `lags` are what the first version of snapshots knew. */
  constructor(
    state?: ClockState,
    lastMs = never,
    lags: readonly LagEntry[] = [],
    setBackCount = 0,
  ) {
    this.#lag = new DeviceLag(state?.lag ?? { shown: lags, proven: lags });
    this.#lastReceivedMs = state?.last?.[0] ?? lastMs;
    this.#lastMs = state?.last?.[1] ?? lastMs;
    if (state?.steady)
      [this.#steadyMs, this.#steadySinceMs, this.#steadyCount, this.#gapMs] = state.steady;
    if (state?.suspicion) this.#suspicion = ClockSuspicion.from(state.suspicion);
    this.#isSuspect = state?.suspect ?? false;
    this.#setBackCount = state?.setBack ?? setBackCount;
  }

  /** Time of the newest sample on the line; `never` before the first. */
  get lastMs(): number {
    return this.#lastMs;
  }

  get lagMs(): number {
    return this.#lag.lagMs;
  }

  /** True while the line goes by the time of receipt, since the device's clock was set back. */
  get isSuspect(): boolean {
    return this.#isSuspect;
  }

  /** How often the clock was set back. */
  get setBackCount(): number {
    return this.#setBackCount;
  }

  /** How far the line is known at watermark `tMs`. */
  reachMs(tMs: number): number {
    const reachMs = Math.max(this.#lastMs, tMs - this.#lag.lagMs);
    return this.#suspicion?.isPressing(tMs) ? Math.min(reachMs, this.#suspicion.reachMs) : reachMs;
  }

  /** True while it is open whether the clock was set back. */
  get isInQuestion(): boolean {
    return this.#suspicion !== undefined;
  }

  /** True while something older waits for the answer. */
  get keepsOlder(): boolean {
    return this.#suspicion?.isOfOlder === true;
  }

  /** A sample that is newer than all before it: the clock is right, or is again. */
  trust(): void {
    this.#isSuspect = false;
  }

  /** Ends the question; gives the samples that it leaves unjudged. */
  dropQuestion(): readonly PendingSample[] {
    const left = this.#suspicion?.samples ?? [];
    this.#suspicion = undefined;
    return left;
  }

  /**
   * A sample came that is not newer than the newest; `isJudged` where it counts all the same, since
   * it is as new. Gives what is to be judged by the time of receipt once that proves that the clock
   * was set back. `reachMs` is how far the line reached before the sample came.
   */
  question(
    sample: PendingSample,
    isJudged: boolean,
    reachMs: number,
    patienceMs: number,
  ): readonly PendingSample[] | undefined {
    this.#suspicion ??= new ClockSuspicion(sample, reachMs, patienceMs);
    return this.#suspicion.add(sample, isJudged, reachMs) ? this.#suspicion.samples : undefined;
  }

  /** What those in question are, by a sample that is newer than all before it; undefined for out of order. */
  answerBy(sample: PendingSample): SuspicionAnswer | undefined {
    return this.#suspicion?.answerBy(sample, this.#lastReceivedMs - this.#lastMs);
  }

  /** How far a sample that is newer than all before it shows the clock to have been set forward. */
  leapAt({ receivedMs, timeMs }: PendingSample): number {
    const lastLagMs = this.#lastReceivedMs - this.#lastMs;
    const fallMs = lastLagMs - (receivedMs - timeMs);
    if (!(fallMs > toleranceMs)) return 0;
    const isSteady =
      this.#steadyCount >= steadyCount &&
      this.#lastReceivedMs - this.#steadySinceMs >= toleranceMs &&
      Math.abs(lastLagMs - this.#steadyMs) <= toleranceMs;
    return isSteady && timeMs - this.#lastMs > 2 * this.#gapMs ? fallMs : 0;
  }

  /** Takes the lag of a sample that is newer than all before it; in their order. */
  meet({ receivedMs, timeMs }: PendingSample): void {
    const lagMs = receivedMs - timeMs;
    this.#lag.record(receivedMs, lagMs);
    if (Math.abs(lagMs - this.#steadyMs) <= toleranceMs) this.#steadyCount += 1;
    else {
      this.#steadyMs = lagMs;
      this.#steadySinceMs = receivedMs;
      this.#steadyCount = 1;
    }
    if (this.#lastMs !== never) this.#gapMs = timeMs - this.#lastMs;
    this.#lastMs = timeMs;
    this.#lastReceivedMs = receivedMs;
  }

  /** The clock was set forward: the line goes on behind where it stood. */
  leap(byMs: number): void {
    this.#suspicion?.leap(byMs);
    this.#lastMs += byMs;
    this.#startAnew();
  }

  /** The clock was set back: the line goes on by the time of receipt. Gives how far that moves it. */
  setBack(): number {
    const byMs = this.#lastReceivedMs - this.#lastMs;
    this.#isSuspect = true;
    return this.#moveBack(byMs);
  }

  /** The clock was set back by so little that what it says is newer again: the line goes on by that. */
  setBackBy(backMs: number): number {
    return this.#moveBack(-backMs);
  }

  /** Forgets lags that are older than a day at gateway time `tMs`. */
  forgetBefore(tMs: number): void {
    this.#lag.forgetBefore(tMs);
  }

  toState(): ClockState | undefined {
    if (this.#lastMs === never && this.#setBackCount === 0) return undefined;
    return {
      lag: this.#lag.toState(),
      ...(this.#steadyCount > 0 && {
        steady: [this.#steadyMs, this.#steadySinceMs, this.#steadyCount, this.#gapMs],
      }),
      ...(this.#lastMs !== never && { last: [this.#lastReceivedMs, this.#lastMs] }),
      ...(this.#suspicion && { suspicion: this.#suspicion.toState() }),
      ...(this.#isSuspect && { suspect: true }),
      ...(this.#setBackCount > 0 && { setBack: this.#setBackCount }),
    };
  }

  #moveBack(byMs: number): number {
    this.#lastMs += byMs;
    this.#setBackCount += 1;
    this.#suspicion = undefined;
    this.#startAnew();
    return byMs;
  }

  #startAnew(): void {
    this.#lag = new DeviceLag();
    this.#steadyMs = never;
    this.#steadyCount = 0;
  }
}
