/**
 * When the records were appended that were read for publishing lately: so that the age of the oldest
 * waiting record is known without reading it again.
 */
import type { EpochMs } from "../core/clock.ts";

/** More than a publishing window ever holds. */
const mostMarks = 4_096;

export class ReadMarks {
  #marks: { readonly seq: number; readonly appendedMs: EpochMs }[] = [];

  note(seq: number, appendedMs: EpochMs): void {
    const last = this.#marks.at(-1);
    if (last && last.seq >= seq) this.#marks = [];
    if (this.#marks.length < mostMarks) this.#marks.push({ seq, appendedMs });
  }

  /** Forgets what is no longer needed once `seq` is confirmed. */
  forget(seq: number): void {
    let keep = 0;
    while ((this.#marks[keep + 1]?.seq ?? Number.POSITIVE_INFINITY) <= seq + 1) keep += 1;
    if (keep > 0) this.#marks.splice(0, keep);
  }

  /** The time of the nearest noted record at or before `seq`; undefined when none is. */
  at(seq: number): EpochMs | undefined {
    return this.#marks.findLast((mark) => mark.seq <= seq)?.appendedMs;
  }
}
