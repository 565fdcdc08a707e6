import type { LevelChange } from "../alarms/alarm-state.ts";

/** What the open episode has stored of its value's age: nothing, that it grew old, that it is new. */
type StaleMarks = 0 | 1 | 2;

/** Plain JSON. */
export interface EpisodeMarksState {
  readonly marks?: StaleMarks;
  /** It is normal since the rule was edited, not by a sample. */
  readonly edited?: boolean;
}

/** What is remembered of an episode beside its last transition: what was said once, and by what it ends. */
export class EpisodeMarks {
  /** It is normal, or will be, since the rule was edited: an end says so. */
  isByEdit: boolean;
  #marks: StaleMarks;

  constructor({ edited = false, marks = 0 }: EpisodeMarksState = {}) {
    this.isByEdit = edited;
    this.#marks = marks;
  }

  /** It begins, and says so; `isMissing`: by a value that is missed. */
  begin(isMissing: boolean): void {
    this.#marks = isMissing ? 1 : 0;
  }

  /**
   * True where it is to be said that the value grew old, or is new. Once per episode each way: a device
   * that uploads would else say so with every upload.
   */
  take(reason: "stale" | "fresh"): boolean {
    const isNext = this.#marks === (reason === "stale" ? 0 : 1);
    if (isNext) this.#marks = reason === "stale" ? 1 : 2;
    return isNext;
  }

  /** Why it ends; `seen` where that is by what was seen. */
  end(change: LevelChange, seen: string): string {
    const byItself = this.isByEdit ? "rule_changed" : seen;
    this.isByEdit = false;
    return change === "closed" ? "schedule" : byItself;
  }

  toState(): EpisodeMarksState {
    return { marks: this.#marks, ...(this.isByEdit && { edited: true }) };
  }
}
