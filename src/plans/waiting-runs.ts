/**
 * Runs that were requested and have not begun: each waits for its turn with its devices, and for a place
 * among those that are under way.
 */
import type { EpochMs } from "../core/clock.ts";
import type { RunPlace } from "../stream/plan-log.ts";
import type { PlanRun } from "./plan-run.ts";
import { devicesOf, Turns } from "./turns.ts";

/** Under way at once; more wait. */
const mostUnderWay = 500;
/** Among them such as only end, since their time was over before they had a place. */
const mostWithOverdue = 2 * mostUnderWay;
/** Runs that may wait; what is beyond is taken up at the next start. */
const mostWaiting = 100_000;

interface WaitingRun extends RunPlace {
  readonly devices: readonly string[];
  readonly endsMs: EpochMs;
}

export class WaitingRuns {
  readonly #takeUp: (place: RunPlace) => void;
  readonly #turns = new Turns();
  readonly #underWay = new Set<string>();
  /** In the order in which they were requested. */
  readonly #waiting = new Map<string, WaitingRun>();
  /** Those of the waiting whose turn it is. */
  readonly #ready = new Set<string>();
  #isOpen = false;

  /** `takeUp` is called once for each run, when it may begin or has to be ended. */
  constructor(takeUp: (place: RunPlace) => void) {
    this.#takeUp = takeUp;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** A run that somebody had begun has its turn, whoever else has the same devices. */
  begun(run: PlanRun): void {
    if (this.#underWay.has(run.run)) return;
    this.#drop(run.run);
    this.#underWay.add(run.run);
    this.#turns.enter(run.run, devicesOf(run));
  }

  /** False where so many wait that there is no room for it. */
  add({ endsMs, run, site, steps }: PlanRun): boolean {
    if (this.#waiting.has(run) || this.#underWay.has(run)) return true;
    if (this.#waiting.size >= mostWaiting) return false;
    const waiting = { run, site, endsMs, devices: devicesOf({ steps }) };
    this.#waiting.set(run, waiting);
    if (this.#isOpen) this.#enter(waiting);
    return true;
  }

  /** All that is under way is known: from here on runs may begin. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    for (const waiting of this.#waiting.values()) this.#enter(waiting);
  }

  /** A run does nothing more by itself, or is no more: the next may have its devices. */
  ended(run: string): void {
    this.#underWay.delete(run);
    this.#drop(run);
    this.#begin();
  }

  /** Takes up whose time was over before their turn came, so that they end; some at a time. */
  endOverdue(nowMs: EpochMs): void {
    for (const waiting of this.#waiting.values()) {
      if (this.#underWay.size >= mostWithOverdue) return;
      if (nowMs >= waiting.endsMs) this.#start(waiting);
    }
  }

  #enter({ devices, run }: WaitingRun): void {
    this.#turns.enter(run, devices);
    if (this.#turns.isFirst(run)) this.#ready.add(run);
    this.#begin();
  }

  #drop(run: string): void {
    this.#waiting.delete(run);
    this.#ready.delete(run);
    for (const next of this.#turns.leave(run))
      if (this.#waiting.has(next) && this.#turns.isFirst(next)) this.#ready.add(next);
  }

  #begin(): void {
    for (const run of this.#ready) {
      const waiting = this.#waiting.get(run);
      if (this.#underWay.size >= mostUnderWay) return;
      if (waiting) this.#start(waiting);
    }
  }

  #start({ run, site }: WaitingRun): void {
    this.#waiting.delete(run);
    this.#ready.delete(run);
    this.#underWay.add(run);
    this.#takeUp({ run, site });
  }
}
