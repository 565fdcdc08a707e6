import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fewestMoves, nextOrder, type View } from "../../src/console/parts/stable-order.ts";

interface Row {
  readonly seen: number;
}

const newestFirst: View<Row> = {
  name: "-seen",
  accepts: ({ seen }) => seen >= 0,
  compare: (one, other) => other.seen - one.seen,
};

function rows(seen: Readonly<Record<string, number>>): ReadonlyMap<string, Row> {
  return new Map(Object.entries(seen).map(([key, at]) => [key, { seen: at }]));
}

describe("rows of a live table", () => {
  const first = nextOrder(rows({ a: 3, b: 2, c: 1 }), newestFirst);
  const keys = (order: typeof first): string[] => order.entries.map(({ key }) => key);

  it("are sorted when they are shown first", () => {
    expect(keys(first)).toEqual(["a", "b", "c"]);
    expect(first.newer).toBe(0);
  });

  it("stay where they are when another would come first, which is counted", () => {
    const next = nextOrder(rows({ a: 3, b: 2, c: 9 }), newestFirst, first);
    expect(keys(next)).toEqual(["a", "b", "c"]);
    expect(next.entries[2]?.row.seen).toBe(9);
    expect(next.newer).toBe(1);
  });

  it("come at the end when they are new", () => {
    const next = nextOrder(rows({ a: 3, b: 2, c: 1, d: 9, e: 0 }), newestFirst, first);
    expect(keys(next)).toEqual(["a", "b", "c", "d", "e"]);
    expect(next.newer).toBe(1);
  });

  it("keep their place when they are gone or do not fit any more, with what was known last", () => {
    const next = nextOrder(rows({ a: 3, c: -1 }), newestFirst, first);
    expect(next.entries).toEqual([
      { key: "a", row: { seen: 3 }, isGone: false },
      { key: "b", row: { seen: 2 }, isGone: true },
      { key: "c", row: { seen: -1 }, isGone: true },
    ]);
    expect(next.newer).toBe(2);
    expect(keys(nextOrder(rows({ a: 3, c: -1 }), newestFirst))).toEqual(["a"]);
  });

  it("are sorted anew in another view, and where none were shown", () => {
    const other = {
      ...newestFirst,
      name: "seen",
      compare: (one: Row, two: Row) => one.seen - two.seen,
    };
    expect(keys(nextOrder(rows({ a: 3, b: 2, c: 1 }), other, first))).toEqual(["c", "b", "a"]);
    const empty = nextOrder(rows({}), newestFirst);
    expect(keys(nextOrder(rows({ a: 1, b: 2 }), newestFirst, empty))).toEqual(["b", "a"]);
  });
});

describe("the fewest moves that sort", () => {
  it("are none for what rises, and all but one for what falls", () => {
    expect(fewestMoves([1, 2, 3])).toBe(0);
    expect(fewestMoves([3, 2, 1])).toBe(2);
    expect(fewestMoves([2, 3, 1])).toBe(1);
  });

  it("are as many as a search of all rising rows finds", () => {
    const places = fc.uniqueArray(fc.nat(30), { maxLength: 9 });
    fc.assert(
      fc.property(places, (numbers) => {
        let longest = 0;
        for (let chosen = 0; chosen < 2 ** numbers.length; chosen++) {
          const row = numbers.filter((_, index) => (chosen >> index) & 1);
          const rises = row.every((number, index) => index === 0 || number > (row[index - 1] ?? 0));
          if (rises) longest = Math.max(longest, row.length);
        }
        expect(fewestMoves(numbers)).toBe(numbers.length - longest);
      }),
      { numRuns: 60 },
    );
  });
});
