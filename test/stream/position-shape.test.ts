import { describe, expect, test } from "vitest";
import { isEntryMark, isGatewayPosition } from "../../src/stream/position-shape.ts";

const mark = { created: "2026-11-21T12:00:00Z", streamSeq: 5, run: "aaaaaaaa", seq: 5 };
const hole = { after: "aaaaaaaa", before: "aaaaaaaa", from: 2, to: 3 };
const good = { mark, runs: [{ run: "aaaaaaaa", seq: 5 }], holes: [hole] };

describe("a position in a gateway's stream", () => {
  test.each([
    good,
    { ...good, stray: { created: "", streamSeq: 9 } },
    { ...good, runs: [], holes: [] },
  ])("is one: %j", (position) => {
    expect(isGatewayPosition(position)).toBe(true);
  });

  test.each([
    null,
    [],
    {},
    { mark },
    { ...good, mark: undefined },
    { ...good, mark: { ...mark, streamSeq: "5" } },
    { ...good, mark: { ...mark, seq: 2 ** 53 } },
    { ...good, runs: {} },
    { ...good, runs: [5] },
    { ...good, holes: [{ ...hole, to: -1 }] },
    { ...good, stray: 5 },
  ])("is none that anybody could go on from: %j", (position) => {
    expect(isGatewayPosition(position)).toBe(false);
  });
});

test("a mark of entries has its place and an id", () => {
  expect(isEntryMark({ created: "", streamSeq: 1, id: "e.1" })).toBe(true);
  for (const other of [{}, { created: "", streamSeq: 1 }, { created: 5, streamSeq: 1, id: "" }])
    expect(isEntryMark(other)).toBe(false);
});
