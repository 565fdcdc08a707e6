import { describe, expect, test } from "vitest";
import { parseCursor } from "../../src/notify/receiver-cursor.ts";

const mark = { created: "2026-11-21T14:00:00Z", streamSeq: 7, id: "e.1" };
const entry = { from: 3, to: 5, count: 2, rank: 0, attempts: 1, triedForMs: 10, waitedMs: 20 };

describe("a receiver's cursor", () => {
  test("is read as it was written", () => {
    const cursor = { format: 2, mark, told: { a: [1, 2] }, waiting: { b: entry } };
    expect(parseCursor(JSON.parse(JSON.stringify(cursor)))).toEqual(cursor);
  });

  test("of the first format has nothing that waits", () => {
    expect(parseCursor({ format: 1, mark, told: { a: [1, 2] } })).toEqual({
      format: 2,
      mark,
      told: { a: [1, 2] },
      waiting: {},
    });
  });

  test.each([
    [null],
    [[]],
    [{ format: 3, mark, told: {}, waiting: {} }],
    [{ format: 2, mark: {}, told: {}, waiting: {} }],
    [{ format: 2, mark: { ...mark, streamSeq: -1 }, told: {}, waiting: {} }],
    [{ format: 2, mark, told: { a: [1] }, waiting: {} }],
    [{ format: 2, mark, told: { a: [1, null] }, waiting: {} }],
    [{ format: 2, mark, told: {} }],
    [{ format: 2, mark, told: {}, waiting: { b: { ...entry, rank: 3 } } }],
    [{ format: 2, mark, told: {}, waiting: { b: { ...entry, from: "3" } } }],
  ])("is none where a part of it is wrong: %j", (value) => {
    expect(parseCursor(value)).toBeUndefined();
  });
});
