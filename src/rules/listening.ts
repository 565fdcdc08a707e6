/**
 * What a gateway's watermarks say about how long it listened. A run counts anew; a watermark that
 * says nothing (of a gateway of the first version) vouches for all the time it passes.
 */
import type { Watermark } from "../core/event.ts";
import type { RunId } from "../core/ids.ts";

/** Less than this between two watermarks is rounding, or not worth to look at every device for. */
const shortestMs = 1_000;

/** Plain JSON. */
export interface ListeningState {
  readonly run: RunId;
  /** Gateway time up to which `heard` was counted. */
  readonly t?: number;
  readonly heard?: number;
}

export class Listening {
  #run: RunId | undefined;
  #tMs: number | undefined;
  #heardMs: number;

  constructor(state: ListeningState | undefined) {
    this.#run = state?.run;
    this.#tMs = state?.t;
    this.#heardMs = state?.heard ?? 0;
  }

  /** True for the first event of a run behind another one. */
  meet(run: RunId): boolean {
    if (run === this.#run) return false;
    const isAnother = this.#run !== undefined;
    this.#run = run;
    return isAnother;
  }

  /** The gateway began to listen, at gateway time `tMs`. */
  begin(tMs: number): void {
    this.#tMs = tMs;
    this.#heardMs = 0;
  }

  /** Gives how much of the time since the last watermark nobody listened; 0 for next to nothing. */
  pass({ heardMs, reset, t }: Watermark): number {
    if (heardMs === undefined) {
      this.#tMs = undefined;
      return 0;
    }
    const beforeMs = this.#tMs;
    const heardBeforeMs = heardMs < this.#heardMs ? 0 : this.#heardMs;
    const deafMs = beforeMs === undefined ? 0 : t - beforeMs - (heardMs - heardBeforeMs);
    if (!reset && beforeMs !== undefined && deafMs < shortestMs) return 0;
    this.#tMs = t;
    this.#heardMs = heardMs;
    return reset ? 0 : deafMs;
  }

  toState(): ListeningState | undefined {
    if (this.#run === undefined) return undefined;
    return {
      run: this.#run,
      ...(this.#tMs !== undefined && { t: this.#tMs, heard: this.#heardMs }),
    };
  }
}
