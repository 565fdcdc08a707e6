/** The way of one event through the system: when it was where, by whose clock. */
import type { EpochMs } from "../core/clock.ts";
import { formatDuration } from "../core/duration.ts";

/** In the order of the flow. */
export type HopName =
  | "device"
  | "received"
  | "durable"
  | "forwarded"
  | "stored"
  | "processed"
  | "alert"
  | "notified"
  | "history";

/** `ahead`: not yet; `unknown`: nobody who was asked can tell; `none`: it does not come here. */
export type HopState = "reached" | "ahead" | "unknown" | "none";

export interface Hop {
  readonly hop: HopName;
  readonly state: HopState;
  readonly atMs: EpochMs | null;
  /** Since the hop it came from, as far as that time is known; below 0 where two clocks disagree. */
  readonly tookMs: number | null;
  /** Whose clock `atMs` is of. */
  readonly clock: string | null;
  readonly where: string;
  readonly text: string;
  /** A page of the console that tells more. */
  readonly path: string | null;
}

export interface Way {
  /** The id that was asked for. */
  readonly event: string;
  /** A kind of event, or `alert`, `action`, `command`, `derived`. */
  readonly kind: string;
  readonly site: string;
  readonly gateway: string | null;
  readonly device: string | null;
  /** How URLs name the device. */
  readonly deviceKey: string | null;
  /** A hop may stand several times, as for several alerts or receivers. */
  readonly hops: Hop[];
  /** Id of the trace it is part of. */
  readonly trace: string | null;
  /** As it is stored. */
  readonly data: unknown;
  /** What is to be known of it, and what could not be looked at. */
  readonly notes: string[];
}

/** A time, and whose clock says so. */
export interface ClockReading {
  readonly atMs: EpochMs;
  readonly clock: string;
}

/** A hop before it is known how long it took. */
export interface Step {
  readonly hop: HopName;
  readonly state: HopState;
  readonly at?: ClockReading | undefined;
  readonly where?: string;
  readonly text: string;
  readonly path?: string | null;
}

/** Hops as they come together, each measured from the one that it came from. */
export class Trail {
  readonly hops: Hop[] = [];
  #last: ClockReading | undefined;

  /** The time that is known last. */
  get last(): ClockReading | undefined {
    return this.#last;
  }

  /** Adds a hop behind the last one. */
  add(step: Step): void {
    this.addBehind(this.#last, step);
    this.#last = step.at ?? this.#last;
  }

  /** Adds a hop that came from another; what is added later is not measured from it. */
  addBehind(
    before: ClockReading | undefined,
    { at, hop, path = null, state, text, where = "" }: Step,
  ): void {
    const tookMs = at && before ? at.atMs - before.atMs : null;
    const isBack = tookMs !== null && tookMs < 0 && at && before;
    this.hops.push({
      ...{ hop, state, where, path, tookMs },
      atMs: at?.atMs ?? null,
      clock: at?.clock ?? null,
      text: isBack ? `${text}; ${sayAhead(before, at, -tookMs)}` : text,
    });
  }
}

/** What came later has the earlier time: of two clocks one is wrong, and nobody here knows which. */
function sayAhead(before: ClockReading, after: ClockReading, byMs: number): string {
  const by = formatDuration(byMs);
  return before.clock === after.clock
    ? `that is ${by} before the last hop: the clock of ${after.clock} was set back`
    : `the clock of ${before.clock} is at least ${by} ahead of that of ${after.clock}`;
}
