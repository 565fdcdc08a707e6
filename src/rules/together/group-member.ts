/**
 * One device in the panes that a rule keeps for many. Its value is known from a sample on for as long
 * as that counts, so it does not matter when the next one comes; nor whether the device was found gone
 * before what it said was judged, or after.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { Measurement } from "../../core/measurement.ts";
import { never } from "../alarms/alarm.ts";
import { HoldTime } from "../alarms/hold-time.ts";
import type { SampleTap } from "../devices/sample-tap.ts";
import type { WindowGroup } from "./window-group.ts";

/** Plain JSON. */
export interface MemberState {
  readonly rule: string;
  /** How its panes are made. */
  readonly made?: string;
  readonly here?: true;
  /** Until when its value is known. */
  readonly until?: number;
  /** When it left last. */
  readonly gone?: number;
  /** Its samples from before that were not judged yet then. */
  readonly owes?: true;
}

export class GroupMember implements SampleTap {
  readonly countsRise = false;
  readonly #group: WindowGroup;
  readonly #hold: HoldTime;
  #isHere: boolean;
  #untilMs: number;
  #goneMs: number;
  /** It left, and nothing of its stay was told yet. */
  #owes: boolean;

  constructor(group: WindowGroup, declaredMs: number | undefined, saved?: MemberState) {
    this.#group = group;
    this.#hold = new HoldTime(group.rule.holdMs, declaredMs);
    const goesOn = saved !== undefined && saved.made === group.made;
    this.#isHere = goesOn && saved.here === true;
    this.#untilMs = (goesOn ? saved.until : undefined) ?? never;
    this.#goneMs = saved?.gone ?? never;
    this.#owes = saved?.owes ?? false;
  }

  get metric(): string {
    return this.#group.condition.metric;
  }

  /** Until when its last value counts. */
  get untilMs(): EpochMs {
    return this.#untilMs;
  }

  /** How often its profile says that the device reports. */
  declare(intervalMs: number | undefined): void {
    this.#hold.declare(intervalMs);
  }

  take(
    timeMs: EpochMs,
    { quality, unit, value }: Measurement,
    _rise: number | undefined,
    intervalMs: number | undefined,
  ): void {
    const { condition, panes, rule } = this.#group;
    if (!rule.quality.includes(quality)) {
      if (timeMs < this.#untilMs) this.#forgetFrom(timeMs);
      return;
    }
    const { agg, fits, overMs } = condition;
    const isCounted = agg === "count" && (!fits || fits(value));
    if (agg !== "count" && typeof value !== "number") return;
    const isOfBefore = !this.#isHere && timeMs <= this.#goneMs;
    if (isOfBefore) this.#tellStay(timeMs);
    else if (!this.#isHere) {
      panes.move(1, timeMs);
      this.#isHere = true;
    }
    this.#hold.observe(intervalMs);
    const countsMs = Math.min(overMs, this.#hold.msFor(value));
    const untilMs = isOfBefore ? Math.min(timeMs + countsMs, this.#goneMs) : timeMs + countsMs;
    panes.cover(Math.max(timeMs, this.#untilMs), untilMs);
    this.#untilMs = Math.max(this.#untilMs, untilMs);
    const isTaken =
      agg === "count"
        ? !isCounted || panes.add(1, undefined, timeMs)
        : panes.add(Number(value), unit, timeMs);
    if (!isTaken) this.#group.counts.outOfOrder += 1;
  }

  /** It is gone since `atMs`. */
  leave(atMs: EpochMs): void {
    this.#goneMs = atMs;
    this.#owes = !this.#isHere;
    if (!this.#isHere) return;
    this.#group.panes.move(-1, atMs);
    if (atMs < this.#untilMs) this.#forgetFrom(atMs);
    this.#isHere = false;
  }

  /** Its line is moved by `byMs`. */
  leap(byMs: number): void {
    this.#untilMs += byMs;
  }

  /** Its panes begin anew. */
  reset(): void {
    this.#isHere = false;
    this.#untilMs = never;
    this.#goneMs = never;
    this.#owes = false;
  }

  toState(): Omit<MemberState, "rule"> {
    return {
      made: this.#group.made,
      ...(this.#isHere && { here: true }),
      ...(this.#untilMs !== never && { until: this.#untilMs }),
      ...(this.#goneMs !== never && { gone: this.#goneMs }),
      ...(this.#owes && { owes: true }),
    };
  }

  /** A sample from before it left, judged when that was known: its stay is told once. */
  #tellStay(timeMs: EpochMs): void {
    if (!this.#owes) return;
    this.#owes = false;
    this.#group.panes.move(1, timeMs);
    this.#group.panes.move(-1, this.#goneMs);
  }

  #forgetFrom(atMs: EpochMs): void {
    // No value counts for longer than a window; what is further back was of a clock that was wrong.
    const fromMs = Math.max(atMs, this.#untilMs - this.#group.condition.overMs);
    this.#group.panes.cover(fromMs, this.#untilMs, -1);
    this.#untilMs = atMs;
  }
}
