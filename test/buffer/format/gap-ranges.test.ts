import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countRanges,
  coveredRanges,
  joinRanges,
  subtractRanges,
} from "../../../src/buffer/format/gap-ranges.ts";
import type { GapRange } from "../../../src/core/event.ts";
import { toRunId, toSeq } from "../../../src/core/ids.ts";

function gap(from: number, to: number, fields: Partial<GapRange> = {}): GapRange {
  return {
    run: toRunId("aaaaaaaa"),
    from: toSeq(from),
    to: toSeq(to),
    count: to - from + 1,
    class: "telemetry",
    reason: "dropped-full",
    ...fields,
  };
}

describe("joinRanges()", () => {
  it("joins what is adjacent, alike and missing as a whole", () => {
    expect(joinRanges([gap(11, 20), gap(1, 10)])).toEqual([gap(1, 20)]);
  });

  it("keeps a part of a segment apart as long as another part of it may be held", () => {
    const parts = [gap(1, 10, { count: 3 }), gap(11, 20, { count: 4 })];
    expect(joinRanges([...parts].reverse())).toEqual(parts);
    expect(joinRanges(parts, ({ to }) => to <= 10)).toEqual(parts);
    expect(joinRanges(parts, () => true)).toEqual([gap(1, 20, { count: 7 })]);
  });

  it("adds up what is said of the same range", () => {
    const parts = [gap(1, 10, { count: 3 }), gap(1, 10, { count: 2 })];
    expect(joinRanges(parts)).toEqual([gap(1, 10, { count: 5 })]);
  });

  it("keeps apart what differs in run, class or reason, or is not adjacent", () => {
    const ranges = [
      gap(1, 10),
      gap(11, 20, { class: "alarm" }),
      gap(11, 20, { reason: "damaged" }),
      gap(11, 20, { run: toRunId("bbbbbbbb") }),
      gap(12, 20),
    ];
    expect(joinRanges(ranges)).toHaveLength(5);
  });

  it("counts records that were set aside together when there are too many, and loses none", () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      gap(index * 2 + 1, index * 2 + 1, { reason: "set-aside" }),
    );
    expect(joinRanges(many)).toEqual([gap(1, 1_999, { reason: "set-aside", count: 1_000 })]);
  });

  it("never widens a range that names dropped files", () => {
    const many = Array.from({ length: 1_000 }, (_, index) => gap(index * 2 + 1, index * 2 + 1));
    expect(joinRanges(many)).toHaveLength(1_000);
  });
});

describe("subtractRanges()", () => {
  it("leaves exactly the numbers that nothing covers", () => {
    const range = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.nat(15))
      .map(([from, more]) => ({ from, to: from + more }));
    fc.assert(
      fc.property(range, fc.array(range, { maxLength: 6 }), (whole, taken) => {
        const isTaken = (seq: number): boolean =>
          taken.some(({ from, to }) => from <= seq && seq <= to);
        const numbersIn = (ranges: readonly { from: number; to: number }[]): number[] =>
          ranges.flatMap(({ from, to }) =>
            Array.from({ length: to - from + 1 }, (_, index) => from + index),
          );
        const all = numbersIn([whole]);
        const left = subtractRanges(whole, taken);
        expect(numbersIn(left)).toEqual(all.filter((seq) => !isTaken(seq)));
        expect(countRanges(left)).toBe(numbersIn(left).length);
        expect(numbersIn(coveredRanges(whole, taken))).toEqual(all.filter(isTaken));
      }),
    );
  });
});
