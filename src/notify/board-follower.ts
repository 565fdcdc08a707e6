/**
 * Follows what people do about alerts, and the alerts themselves: one board for all receivers. It is
 * made anew from the whole stream at each start.
 */
import { AlertBoard } from "../alerts/alert-board.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { type AlertReaderDependencies, openAlertReader } from "../stream/alert-reader.ts";
import { openOperatorReader } from "../stream/operator-reader.ts";
import type { Hiding, Standing, Standings } from "./standing.ts";

export interface BoardOptions {
  readonly maxShelveMs: number;
}

export class BoardFollower implements Standings {
  readonly #deps: AlertReaderDependencies;
  readonly #stopping = new AbortController();
  readonly #calls = new Set<() => void>();
  readonly #reading: Promise<unknown>;
  readonly #board: AlertBoard;
  #readUpTo = toStreamSeq(0);

  constructor(options: BoardOptions, deps: AlertReaderDependencies) {
    this.#deps = deps;
    this.#board = new AlertBoard(options);
    this.#reading = Promise.all([this.#followAlerts(), this.#followActions()]);
  }

  get readUpTo(): StreamSeq {
    return this.#readUpTo;
  }

  onRead(signal: AbortSignal, call: () => void): void {
    this.#calls.add(call);
    signal.addEventListener("abort", () => this.#calls.delete(call), { once: true });
  }

  of({ episode, instance }: { readonly episode: string; readonly instance: string }): Standing {
    const view = this.#board.view(instance, this.#deps.clock.wallMs());
    if (!view) return { acked: false, hidden: undefined, flapping: false };
    const { acked, isFlapping, isLatched, last, outOfService, shelf } = view;
    let hidden: Hiding | undefined;
    if (outOfService) hidden = "out of service";
    else if (shelf) hidden = "shelved";
    // Where it began and ended before anybody looked, it was hidden as well.
    else if (this.#board.explanationOf(instance)) hidden = "suppressed";
    else if (isLatched) hidden = "latched";
    const isSame = last?.episode === episode;
    return { acked: isSame && acked !== undefined, hidden, flapping: isFlapping };
  }

  setAside(): Iterable<string> {
    return this.#board.setAside(this.#deps.clock.wallMs());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#reading;
  }

  async #followAlerts(): Promise<void> {
    const { signal } = this.#stopping;
    const onAnew = (): void => {
      this.#readUpTo = toStreamSeq(0);
    };
    const reader = openAlertReader(undefined, signal, this.#deps, onAnew);
    for (let batch = await reader.next(); batch; batch = await reader.next()) {
      for (const { streamSeq, transition } of batch) {
        this.#board.take({ transition, streamSeq });
        this.#readUpTo = streamSeq;
      }
      this.#tell();
    }
  }

  async #followActions(): Promise<void> {
    const { signal } = this.#stopping;
    const reader = openOperatorReader(undefined, signal, this.#deps, () => {});
    for (let batch = await reader.next(); batch; batch = await reader.next()) {
      for (const action of batch) this.#board.act(action);
      this.#tell();
    }
  }

  #tell(): void {
    for (const call of this.#calls) call();
  }
}
