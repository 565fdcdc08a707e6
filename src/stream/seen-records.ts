/**
 * Which records of one gateway have been read, and which are missing.
 *
 * A record is known by its run and its seq together: seq goes on over runs, but a gateway that got
 * a new disk begins at 1 again, in a new run. Where a stream was restored and the gateway sends
 * again, everything up to the highest seq of a known run is a repeat.
 *
 * Invariants
 * - Within a run, records are added in rising order of seq.
 * - A hole is open from the jump over it until a gap event covers it or it is given up.
 */
import type { Gap } from "../core/event.ts";
import { type LogPosition, type RunId, type Seq, toSeq } from "../core/ids.ts";

/** Further back than the hold-back of any gateway reaches. */
const maxRuns = 64;
const maxHoles = 128;

/** Records that were jumped over, between one record of run `after` and one of run `before`. */
export interface Hole {
  readonly after: RunId;
  readonly before: RunId;
  readonly from: Seq;
  readonly to: Seq;
}

/** Records between the two can never be read: the stream let go of them first. */
export interface Tear {
  readonly after: LogPosition;
  readonly before: LogPosition;
}

/** What is kept of it over a restart. */
export interface SeenState {
  /** The highest seq read of each run, oldest run first. */
  readonly runs: readonly LogPosition[];
  readonly holes: readonly Hole[];
}

export class SeenRecords {
  readonly #highest = new Map<RunId, Seq>();
  #newest: LogPosition | undefined;
  #holes: Hole[];

  constructor(state: SeenState = { runs: [], holes: [] }) {
    for (const { run, seq } of state.runs) this.#highest.set(run, seq);
    this.#newest = state.runs.at(-1);
    this.#holes = [...state.holes];
  }

  has({ run, seq }: LogPosition): boolean {
    return seq <= (this.#highest.get(run) ?? 0);
  }

  /** The record noted last. */
  get newest(): LogPosition | undefined {
    return this.#newest;
  }

  /** Notes a record that `has` does not know; what a `tornOff` one jumps over is no hole. */
  add(position: LogPosition, tornOff = false): void {
    const newest = this.#newest;
    const { run, seq } = position;
    if (newest && seq > newest.seq + 1 && !tornOff)
      this.#holes.push({
        after: newest.run,
        before: run,
        from: toSeq(newest.seq + 1),
        to: toSeq(seq - 1),
      });
    this.#newest = position;
    if (newest?.run !== run) this.#beginRun(run);
    this.#highest.set(run, seq);
  }

  /** Closes holes, or parts of them, that a gap event declares. */
  explain(gap: Gap): void {
    if (this.#holes.length === 0) return;
    for (const { run, from, to } of gap.ranges)
      this.#holes = this.#holes.flatMap((hole) => {
        const runUnread = !this.#highest.has(run);
        const concerns = run === hole.after || run === hole.before || runUnread;
        if (!concerns || to < hole.from || from > hole.to) return [hole];
        const rest: Hole[] = [];
        if (from > hole.from) rest.push({ ...hole, to: toSeq(from - 1) });
        if (to < hole.to) rest.push({ ...hole, from: toSeq(to + 1) });
        return rest;
      });
  }

  /**
   * Gives up holes and hands them out: all of them when the reader has caught up, so that every
   * gap event there is has been seen; else only the oldest above a bound.
   */
  giveUpHoles(caughtUp: boolean): readonly Hole[] {
    return this.#holes.splice(0, caughtUp ? this.#holes.length : this.#holes.length - maxHoles);
  }

  state(): SeenState {
    return {
      runs: [...this.#highest].map(([run, seq]) => ({ run, seq })),
      holes: [...this.#holes],
    };
  }

  /** The newest run stands last; the oldest is forgotten above the bound. */
  #beginRun(run: RunId): void {
    this.#highest.delete(run);
    for (const oldest of this.#highest.keys()) {
      if (this.#highest.size < maxRuns) return;
      this.#highest.delete(oldest);
    }
  }
}
