/**
 * What a gateway's watermarks say about how long it listened. A run counts anew; a watermark that
 * says nothing (of a gateway of the first version) vouches for all the time it passes. Where records
 * before a watermark are missing, words of devices may be among them: it vouches for nothing.
 */
import type { Watermark } from "../../core/event.ts";
import type { LogPosition, RunId, Seq } from "../../core/ids.ts";

/** Less than this between two watermarks is rounding, or not worth to look at every device for. */
const shortestMs = 1_000;

/** Plain JSON. */
export interface ListeningState {
  readonly run: RunId;
  /** Of the last event; absent in snapshots of the first version. */
  readonly seq?: Seq;
  /** Records are missing since the last watermark. */
  readonly torn?: true;
  /** Gateway time up to which `heard` was counted. */
  readonly t?: number;
  readonly heard?: number;
}

export class Listening {
  #run: RunId | undefined;
  #seq: Seq | undefined;
  #isTorn: boolean;
  #tMs: number | undefined;
  #heardMs: number;

  constructor(state: ListeningState | undefined) {
    this.#run = state?.run;
    this.#seq = state?.seq;
    this.#isTorn = state?.torn ?? false;
    this.#tMs = state?.t;
    this.#heardMs = state?.heard ?? 0;
  }

  /** To be called with every event; true for the first one of a run behind another one. */
  meet({ run, seq }: LogPosition): boolean {
    if (this.#seq !== undefined && seq > this.#seq + 1) this.#isTorn = true;
    this.#seq = seq;
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

  /**
   * Gives how much of the time since the last watermark, `lastMs`, nobody listened; 0 for next to
   * nothing.
   */
  pass({ heardMs, reset, t }: Watermark, lastMs: number): number {
    const isTorn = this.#isTorn;
    this.#isTorn = false;
    if (isTorn || heardMs === undefined) {
      this.#tMs = heardMs === undefined ? undefined : t;
      this.#heardMs = heardMs ?? 0;
      return isTorn && !reset && Number.isFinite(lastMs) ? Math.max(0, t - lastMs) : 0;
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
      ...(this.#seq !== undefined && { seq: this.#seq }),
      ...(this.#isTorn && { torn: true }),
      ...(this.#tMs !== undefined && { t: this.#tMs, heard: this.#heardMs }),
    };
  }
}
