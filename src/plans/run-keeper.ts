/**
 * Keeps one run going: stores what the state machine makes of it, and has done what is stored.
 *
 * Invariants
 * - Nothing is done in the world before the run that says so is stored.
 * - What cannot be stored or done now is tried again, and nothing else is done in between.
 * - Whatever another writer stored is taken over as it stands.
 */
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { toStreamSeq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { Backoff, type Random } from "../core/retry.ts";
import { advance, nextLookMs } from "./advance.ts";
import { ClockSteps } from "./clock-steps.ts";
import { moveMoments, setBackMs } from "./move-moments.ts";
import { isOver, type PlanRun } from "./plan-run.ts";
import type { PlanWorld, StoredRun } from "./plan-world.ts";
import { type Note, RunActs, type RunActsDependencies } from "./run-acts.ts";

/** However far the next moment is: the wall clock may be set. */
const longestSleepMs = 30_000;
const backoffLimits = { baseMs: 250, maxMs: 5_000 };

export interface RunKeeperDependencies
  extends Pick<RunActsDependencies, "clock" | "listenFor" | "graceMs"> {
  /** What it does in the world, until the signal. */
  readonly worldUntil: (signal: AbortSignal) => PlanWorld;
  readonly random: Random;
  readonly logger: Logger;
  readonly onStored: (run: PlanRun) => void;
}

export class RunKeeper {
  readonly #deps: RunKeeperDependencies;
  readonly #leaving = new AbortController();
  readonly #world: PlanWorld;
  #stored: StoredRun;
  /** What was heard and is not stored yet. */
  #notes: Note[] = [];
  readonly #acts: RunActs;
  readonly #steps: ClockSteps;
  /** By how much the wall clock was set since the run was stored last. */
  #setMs: number;
  /** The stream does not have what is known. */
  #isLost = false;
  #isWarned = false;
  #wake = new AbortController();

  constructor(stored: StoredRun, deps: RunKeeperDependencies) {
    this.#stored = stored;
    this.#deps = deps;
    this.#world = deps.worldUntil(this.#leaving.signal);
    this.#acts = new RunActs({
      ...deps,
      world: this.#world,
      note: (note) => this.#notes.push(note),
      tellOf: (failure) => this.#tellOf(failure),
    });
    this.#steps = new ClockSteps(deps.clock);
    this.#setMs = setBackMs(stored.run, deps.clock.wallMs());
  }

  get run(): PlanRun {
    return this.#stored.run;
  }

  /** Takes in what was heard; it is stored as soon as that is possible. */
  note(note: Note): void {
    this.#notes.push(note);
    this.#wake.abort();
  }

  /** Takes over what stands in the stream, where that is later than what is known. */
  meet(stored: StoredRun): void {
    if (stored.streamSeq <= this.#stored.streamSeq) return;
    if (stored.run.change <= this.run.change) return;
    this.#stored = stored;
    this.#wake.abort();
  }

  /** The stream was lost, and is there again without this run, or with an older change of it. */
  storeAgain(): void {
    this.#isLost = true;
    this.#wake.abort();
  }

  /** Leaves the run where it is; whoever keeps it next goes on. */
  leave(): void {
    this.#leaving.abort();
    this.#wake.abort();
  }

  /** Resolves when the run is over, or was left. */
  async keep(): Promise<void> {
    const { clock, random } = this.#deps;
    const { signal } = this.#leaving;
    const backoff = new Backoff(backoffLimits, random);
    while (!signal.aborted) {
      this.#wake = new AbortController();
      try {
        const { next, notes } = this.#next();
        if (next !== this.run || this.#isLost) {
          await this.#store(next, notes);
        } else {
          this.#notes.splice(0, notes);
          await this.#acts.of(this.run);
          if (isOver(this.run)) return;
          if (this.#notes.length === 0) await this.#rest();
        }
        backoff.reset();
      } catch (thrown) {
        if (signal.aborted) return;
        this.#tellOf(thrown);
        await sleep(clock, backoff.nextMs(), signal);
      }
    }
  }

  /** What time alone does not mend is told aloud, once. */
  #tellOf(thrown: unknown): void {
    const { run } = this.run;
    const failure = GatewayError.from(thrown, "internal.bug", "a run cannot go on");
    const fields = { run, reason: failure.message };
    const { logger } = this.#deps;
    const isQuiet = failure.disposition === "retry" || this.#isWarned;
    if (isQuiet) logger.debug("a run of a plan waits; it is tried again", fields);
    else logger.error("a run of a plan does not go on as it should", fields);
    this.#isWarned ||= !isQuiet;
  }

  #next(): { readonly next: PlanRun; readonly notes: number } {
    const nowMs = this.#deps.clock.wallMs();
    this.#setMs += this.#steps.take();
    const moved = moveMoments(this.run, this.#setMs, nowMs);
    // What the clock did counts for what is stored by now, and not for what begins later.
    if (moved === this.run) this.#setMs = 0;
    const notes = this.#notes.length;
    const heard = this.#notes.reduce((run, note) => note(run), moved);
    return { next: advance(heard, nowMs), notes };
  }

  async #store(next: PlanRun, notes: number): Promise<void> {
    const { logger } = this.#deps;
    const known = this.#stored;
    const streamSeq = await this.#world.store(next, known.streamSeq);
    if (streamSeq !== undefined) {
      this.#stored = { run: next, streamSeq };
      this.#notes.splice(0, notes);
      this.#setMs = 0;
      this.#isLost = false;
      this.#deps.onStored(next);
      const { plan, run, state, why } = next;
      if (state !== known.run.state)
        logger.info("a run of a plan changed", { plan, run, state, ...(why && { why }) });
      return;
    }
    const { run, streamSeq: headSeq = noSeq } = (await this.#world.read(next)) ?? {};
    // A stream that came back without its end is given again what it lost, and what nobody can read
    // gets a change behind it.
    const isLater = run !== undefined && run.change > known.run.change;
    this.#stored = { run: isLater ? run : known.run, streamSeq: headSeq };
  }

  async #rest(): Promise<void> {
    const { clock } = this.#deps;
    const lookMs = (nextLookMs(this.run) ?? Number.POSITIVE_INFINITY) - clock.wallMs();
    const nextMs = Math.min(lookMs, this.#acts.silentInMs(this.run));
    const forMs = Math.min(longestSleepMs, Math.max(0, nextMs));
    await sleep(clock, forMs, this.#wake.signal);
  }
}

const noSeq = toStreamSeq(0);
