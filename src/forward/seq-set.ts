/** Record numbers as ranges, both ends included; asked for each record that is published. */
import type { Seq } from "../core/ids.ts";

export interface SeqSpan {
  readonly from: Seq;
  readonly to: Seq;
}

export class SeqSet {
  /** Ascending, without overlap. */
  readonly #spans: readonly SeqSpan[];

  /** The spans may overlap, in any order. */
  constructor(spans: readonly SeqSpan[]) {
    const joined: SeqSpan[] = [];
    for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
      const last = joined.at(-1);
      if (!last || from > last.to) joined.push({ from, to });
      else if (to > last.to) joined[joined.length - 1] = { from: last.from, to };
    }
    this.#spans = joined;
  }

  /** Halves its way to the last span that does not begin behind the number. */
  has(seq: Seq): boolean {
    let low = 0;
    let high = this.#spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const span = this.#spans[middle];
      if (span !== undefined && span.from <= seq) low = middle + 1;
      else high = middle;
    }
    const span = this.#spans[low - 1];
    return span !== undefined && seq <= span.to;
  }
}
