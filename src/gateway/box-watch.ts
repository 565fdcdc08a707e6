/**
 * What of the machine under a gateway goes wrong before it hurts: room on the volume runs out, the
 * clock is set or was never set, the disk takes long. Shown in status and metrics, and told the hub
 * once when it begins and once when it is over.
 */
import type { Clock, EpochMs, Timer } from "../core/clock.ts";
import { formatDuration } from "../core/duration.ts";
import type { Status } from "../core/event.ts";
import { clockStepMs, type GatewayTime } from "../core/gateway-time.ts";
import type { LogState } from "../core/log-accounts.ts";
import type { Metrics } from "../core/metrics.ts";
import { formatSize } from "../core/size.ts";

const everyMs = 5_000;
/** Of the buffer's size: with less room than that to the minimum, or than it may still grow by. */
const lowPart = 0.1;
const easedPart = 0.15;
/**
 * A box without a battery clock begins with the time at which it went down, and gets the right one from
 * the network so long after its start at the latest.
 */
const settleMs = 10 * 60_000;
/** A commit that takes so long holds devices back; cards that clean up, or that die, do that. */
const slowMs = 1_000;

export interface BoxState {
  /** Free on the volume of the data folder; undefined where it does not say. */
  readonly freeBytes: number | undefined;
  /** The buffer cannot grow as it may, and there is little left for it to grow. */
  readonly isSpaceLow: boolean;
  /** The longest commit of the last minute took so long that devices wait. */
  readonly isDiskSlow: boolean;
  /** False while the clock shows a time that cannot be. */
  readonly isClockSet: boolean;
  /** How often the wall clock was set since the start, and how far the last time. */
  readonly clockSteps: number;
  readonly lastStep: { readonly ms: number; readonly atMs: EpochMs } | undefined;
}

export interface BoxWatchDependencies {
  readonly clock: Clock;
  readonly time: Pick<GatewayTime, "synced">;
  readonly log: () => Pick<LogState, "maxBytes" | "sizeBytes" | "slowestCommitMs">;
  readonly freeBytes: () => Promise<number>;
  /** What is left free on the volume, whatever comes. */
  readonly minFreeBytes: number;
  readonly metrics: Metrics;
  /** Appends the event to the log. */
  readonly say: (status: Status) => void;
}

export class BoxWatch {
  readonly #deps: BoxWatchDependencies;
  readonly #show: (state: BoxState) => void;
  readonly #beganMs: number;
  #offsetMs: number;
  #state: BoxState;
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(deps: BoxWatchDependencies) {
    this.#deps = deps;
    this.#show = showIn(deps.metrics);
    this.#beganMs = deps.clock.monotonicMs();
    this.#offsetMs = offsetOf(deps.clock);
    this.#state = {
      freeBytes: undefined,
      isSpaceLow: false,
      isDiskSlow: false,
      isClockSet: deps.time.synced,
      clockSteps: 0,
      lastStep: undefined,
    };
  }

  get state(): BoxState {
    return this.#state;
  }

  /** Looks at once, and then every few seconds. */
  start(): void {
    void this.#look().finally(() => {
      if (this.#isStopped) return;
      this.#timer = this.#deps.clock.setTimer(everyMs, () => this.start());
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    const freeBytes = await this.#deps.freeBytes().catch(() => undefined);
    if (this.#isStopped) return;
    const before = this.#state;
    const log = this.#deps.log();
    const isSpaceLow = freeBytes === undefined ? before.isSpaceLow : this.#isLow(freeBytes, log);
    const isDiskSlow = (log.slowestCommitMs ?? 0) >= slowMs;
    this.#state = { ...before, ...this.#lookAtClock(before), freeBytes, isSpaceLow, isDiskSlow };
    this.#show(this.#state);
    if (isSpaceLow !== before.isSpaceLow)
      this.#say(isSpaceLow ? "space-low" : "space-eased", `${formatSize(freeBytes ?? 0)} are free`);
    if (isDiskSlow !== before.isDiskSlow)
      this.#say(
        isDiskSlow ? "disk-slow" : "disk-eased",
        `the longest commit of the last minute took ${formatDuration(log.slowestCommitMs ?? 0)}`,
      );
    const { lastStep } = this.#state;
    if (lastStep && lastStep !== before.lastStep)
      this.#say(
        this.#isFirstTime(lastStep.ms) ? "clock-set" : "clock-stepped",
        `the clock was set by ${signed(lastStep.ms)}`,
      );
  }

  /** Forward, once, soon after the start. */
  #isFirstTime(stepMs: number): boolean {
    const sinceMs = this.#deps.clock.monotonicMs() - this.#beganMs;
    return stepMs > 0 && this.#state.clockSteps === 1 && sinceMs <= settleMs;
  }

  #isLow(
    freeBytes: number,
    { maxBytes, sizeBytes }: Pick<LogState, "maxBytes" | "sizeBytes">,
  ): boolean {
    const room = freeBytes - this.#deps.minFreeBytes;
    if (room >= maxBytes - sizeBytes) return false;
    return room < maxBytes * (this.#state.isSpaceLow ? easedPart : lowPart);
  }

  #lookAtClock(before: BoxState): Partial<BoxState> {
    const { clock, time } = this.#deps;
    const stepMs = offsetOf(clock) - this.#offsetMs;
    this.#offsetMs += stepMs;
    const isClockSet = time.synced;
    if (Math.abs(stepMs) <= clockStepMs) return { isClockSet };
    const lastStep = { ms: Math.round(stepMs), atMs: clock.wallMs() };
    return { isClockSet, clockSteps: before.clockSteps + 1, lastStep };
  }

  #say(cause: string, text: string): void {
    this.#deps.say({ state: "online", cause, text });
  }
}

function offsetOf(clock: Clock): number {
  return clock.wallMs() - clock.monotonicMs();
}

function signed(ms: number): string {
  return `${ms < 0 ? "-" : "+"}${formatDuration(Math.abs(ms))}`;
}

function showIn(metrics: Metrics): (state: BoxState) => void {
  const free = metrics.gauge("gateway_volume_free_bytes", "Free on the volume of the data folder.");
  const low = metrics.gauge(
    "gateway_volume_low",
    "1 while the volume has little room left for the buffer to grow, else 0.",
  );
  const slow = metrics.gauge(
    "gateway_disk_slow",
    "1 while commits take so long that devices wait.",
  );
  const set = metrics.gauge("gateway_clock_set", "0 while the clock shows a time that cannot be.");
  const steps = metrics.gauge(
    "gateway_clock_steps",
    "How often the wall clock was set since the start.",
  );
  return (state) => {
    if (state.freeBytes !== undefined) free.set(state.freeBytes);
    low.set(state.isSpaceLow ? 1 : 0);
    slow.set(state.isDiskSlow ? 1 : 0);
    set.set(state.isClockSet ? 1 : 0);
    steps.set(state.clockSteps);
  };
}
