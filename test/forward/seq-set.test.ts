import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toSeq } from "../../src/core/ids.ts";
import { SeqSet } from "../../src/forward/seq-set.ts";

describe("SeqSet", () => {
  it("has what one of its spans has, and nothing else", () => {
    const span = fc
      .tuple(fc.nat(60), fc.nat(8))
      .map(([from, more]) => ({ from: toSeq(from), to: toSeq(from + more) }));
    fc.assert(
      fc.property(fc.array(span), (spans) => {
        const set = new SeqSet(spans);
        for (let seq = 0; seq < 70; seq += 1)
          expect(set.has(toSeq(seq))).toBe(spans.some(({ from, to }) => from <= seq && seq <= to));
      }),
    );
  });
});
