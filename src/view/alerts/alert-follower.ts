/**
 * Keeps the list of alerts up with its stream. Made anew from the whole stream at each start, and
 * whenever the stream turns out to be another one.
 */
import type { Timer } from "../../core/clock.ts";
import { type AlertReaderDependencies, openAlertReader } from "../../stream/alert-reader.ts";
import { openOperatorReader } from "../../stream/operator-reader.ts";
import { AlertList } from "./alert-list.ts";

/** Changes are gathered for so long. */
const gatherMs = 100;
/** Looking at all rows takes no more than one part of so many of the time. */
const restPerLook = 20;
/** Timers that wait for longer are set again. */
const longestWaitMs = 60_000;

export interface AlertFollowerDependencies extends AlertReaderDependencies {
  /** No shelf is longer. */
  readonly maxShelveMs: number;
  /** Is told whose rows are others than they were. */
  readonly onChange: (instances: Iterable<string>) => void;
}

export class AlertFollower {
  readonly #deps: AlertFollowerDependencies;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  readonly #waiting = new Set<() => void>();
  #list: AlertList;
  #actionsReadTo = 0;
  #telling: Timer | undefined;
  #looking: Timer | undefined;
  /** A look is due by what came, and not by time alone. */
  #isLookDue = false;
  #restMs = 0;

  constructor(deps: AlertFollowerDependencies) {
    this.#deps = deps;
    this.#list = new AlertList(deps.maxShelveMs);
    this.#running = this.#run();
  }

  get list(): AlertList {
    return this.#list;
  }

  /** Resolves when the action that stands there was read, or the signal is aborted. */
  async untilActionRead(streamSeq: number, signal: AbortSignal): Promise<void> {
    while (this.#actionsReadTo < streamSeq && !signal.aborted)
      await new Promise<void>((resolve) => {
        const finish = (): void => {
          this.#waiting.delete(finish);
          signal.removeEventListener("abort", finish);
          resolve();
        };
        this.#waiting.add(finish);
        signal.addEventListener("abort", finish, { once: true });
      });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#telling?.cancel();
    this.#looking?.cancel();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const round = new AbortController();
      const end = (): void => round.abort();
      this.#stopping.signal.addEventListener("abort", end, { once: true });
      await Promise.all([this.#followAlerts(round), this.#followActions(round)]);
      this.#stopping.signal.removeEventListener("abort", end);
      const gone = [...this.#list.views(this.#deps.clock.wallMs())];
      this.#list = new AlertList(this.#deps.maxShelveMs);
      this.#actionsReadTo = 0;
      this.#deps.onChange(gone.map(({ instance }) => instance));
    }
  }

  async #followAlerts(round: AbortController): Promise<void> {
    const reader = openAlertReader(undefined, round.signal, this.#deps, () => round.abort());
    for (let batch = await reader.next(); batch; batch = await reader.next()) {
      if (round.signal.aborted) break;
      for (const read of batch) this.#list.take(read);
      this.#gather();
    }
  }

  async #followActions(round: AbortController): Promise<void> {
    const reader = openOperatorReader(undefined, round.signal, this.#deps, () => round.abort());
    for (let batch = await reader.next(); batch; batch = await reader.next()) {
      if (round.signal.aborted) break;
      for (const read of batch) {
        this.#list.act(read);
        this.#actionsReadTo = read.streamSeq;
      }
      for (const wake of [...this.#waiting]) wake();
      this.#gather();
    }
  }

  /** What came is told soon; which others it changes is looked up when there is time for it. */
  #gather(): void {
    if (this.#stopping.signal.aborted) return;
    this.#telling ??= this.#deps.clock.setTimer(gatherMs, () => {
      this.#telling = undefined;
      this.#deps.onChange(this.#list.takeTouched());
    });
    if (this.#isLookDue) return;
    this.#isLookDue = true;
    this.#lookAfter(Math.max(gatherMs, this.#restMs));
  }

  #lookAfter(waitMs: number): void {
    this.#looking?.cancel();
    if (this.#stopping.signal.aborted) return;
    this.#looking = this.#deps.clock.setTimer(waitMs, () => this.#look());
  }

  #look(): void {
    const { clock, onChange } = this.#deps;
    const beganMs = clock.monotonicMs();
    const nowMs = clock.wallMs();
    this.#isLookDue = false;
    const changed = this.#list.changes(nowMs);
    if (changed.size > 0) onChange(changed);
    const waitMs = Math.min(longestWaitMs, this.#list.nextChangeMs(nowMs) - nowMs);
    this.#restMs = restPerLook * (clock.monotonicMs() - beganMs);
    this.#lookAfter(Math.max(gatherMs, this.#restMs, waitMs));
  }
}
