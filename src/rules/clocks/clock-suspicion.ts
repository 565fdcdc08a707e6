/**
 * Samples that are older than what the device sent before, until it is known what they are: some that
 * came out of order, an upload of old readings, or the first after the device's clock was set back.
 *
 * A clock that was set back shows in samples that keep arriving while none is newer. Readings that
 * pass faster than the time are an upload.
 */
import { provesNoLife } from "../../core/extensions.ts";
import { asPending, type PendingSample } from "../devices/pending-sample.ts";

/** Fewer prove nothing. */
const fewest = 3;
/** The oldest are given up for more. */
const most = 256;
/** Readings of an upload may begin this slowly. */
const slackMs = 60_000;
/** Samples of one clock are as late as each other but for this, and for a quarter of the time they came in. */
const jitterMs = 2_000;

/** What those in question are, once something newer came. */
export interface SuspicionAnswer {
  /** To be judged, at these times. */
  readonly samples: readonly PendingSample[];
  /** How far the clock was set back before them; 0 where it was wrong for a while only. */
  readonly setBackMs: number;
}

/** Plain JSON. */
export interface SuspicionState {
  /** How far the line reached when it began, or began anew. */
  readonly reach: number;
  readonly samples: readonly PendingSample[];
  /** How many came, with those judged or given up; when the first did, and what it said. */
  readonly count: number;
  readonly since: readonly [receivedMs: number, timeMs: number];
  readonly patience: number;
}

export class ClockSuspicion {
  #reachMs: number;
  #samples: PendingSample[] = [];
  #count = 0;
  #sinceMs: number;
  #sinceTimeMs: number;
  readonly #patienceMs: number;

  /** What it begins with is to be added, too. It lasts `patienceMs` at least. */
  constructor(
    { receivedMs, timeMs }: Pick<PendingSample, "receivedMs" | "timeMs">,
    reachMs: number,
    patienceMs: number,
  ) {
    this.#reachMs = reachMs;
    this.#sinceMs = receivedMs;
    this.#sinceTimeMs = timeMs;
    this.#patienceMs = patienceMs;
  }

  static from(state: SuspicionState): ClockSuspicion {
    const [receivedMs, timeMs] = state.since;
    const suspicion = new ClockSuspicion({ receivedMs, timeMs }, state.reach, state.patience);
    suspicion.#samples = [...state.samples];
    suspicion.#count = state.count;
    return suspicion;
  }

  /** True while something waits for the answer; what only stands still is judged without. */
  get isOfOlder(): boolean {
    return this.#samples.length > 0;
  }

  /** Where the line waits for the answer. */
  get reachMs(): number {
    return this.#reachMs;
  }

  /** What was received under it and not judged, in the order of receipt. */
  get samples(): readonly PendingSample[] {
    return this.#samples;
  }

  /** True while the line waits for the answer; it does not wait for ever. */
  isPressing(tMs: number): boolean {
    return tMs - this.#sinceMs <= 2 * this.#patienceMs;
  }

  /** The line is moved by `byMs`, and the place where it waits goes with it. */
  leap(byMs: number): void {
    this.#reachMs += byMs;
  }

  /**
   * One came when the line reached `reachMs`; `isJudged` where it counts all the same. True when it
   * proves a clock set back. What shows an upload lets the line wait anew, never further back.
   */
  add(sample: PendingSample, isJudged: boolean, reachMs: number): boolean {
    const { receivedMs, timeMs } = sample;
    if (timeMs - this.#sinceTimeMs > 2 * (receivedMs - this.#sinceMs) + slackMs) {
      this.#count = 0;
      this.#reachMs = reachMs;
      this.#sinceMs = receivedMs;
      this.#sinceTimeMs = timeMs;
    }
    this.#count += 1;
    if (!isJudged) this.#samples.push(sample);
    if (this.#samples.length > most) this.#samples.shift();
    return this.#count >= fewest && receivedMs - this.#sinceMs >= this.#patienceMs;
  }

  /**
   * A sample newer than all before it ends the question; what came before that was late by `lastLagMs`.
   * Those in question are of a clock where they came at the pace of time: of one that was set back, if
   * the newer sample is as late as they are, or one that is right again, if it is as late as before.
   * Undefined for what was delivered late, or again. What was kept, or is said again, proves nothing.
   */
  answerBy(newer: PendingSample, lastLagMs: number): SuspicionAnswer | undefined {
    const told = this.#samples.filter((sample) => !provesNoLife(sample));
    const [first] = told;
    const last = told.at(-1);
    if (!first || !last || first === last) return undefined;
    const lags = told.map(lagOf);
    if (!areOfOneClock(lags, last.receivedMs - first.receivedMs)) return undefined;
    const lagMs = lagOf(newer);
    const spanMs = newer.receivedMs - first.receivedMs;
    if (areOfOneClock([...lags, lagMs], spanMs))
      return { samples: told, setBackMs: Math.max(0, lagMs - lastLagMs) };
    if (!areOfOneClock([lastLagMs, lagMs], spanMs)) return undefined;
    const placed = told.map((sample) => ({
      ...asPending(sample),
      timeMs: sample.receivedMs - lastLagMs,
    }));
    return { samples: placed, setBackMs: 0 };
  }

  toState(): SuspicionState {
    return {
      reach: this.#reachMs,
      samples: this.#samples.map(asPending),
      count: this.#count,
      since: [this.#sinceMs, this.#sinceTimeMs],
      patience: this.#patienceMs,
    };
  }
}

function lagOf({ receivedMs, timeMs }: PendingSample): number {
  return receivedMs - timeMs;
}

function areOfOneClock(lagsMs: readonly number[], spanMs: number): boolean {
  return Math.max(...lagsMs) - Math.min(...lagsMs) <= Math.min(jitterMs, spanMs / 4);
}
