import { describe, expect, it } from "vitest";
import type { LiveRow } from "../../src/api/shapes/live.ts";
import {
  cleared,
  emptyRing,
  held,
  type LiveRing,
  mostHeld,
  mostShown,
  withRows,
} from "../../src/console/screens/live/live-ring.ts";
import { savedLines, savedName } from "../../src/console/screens/live/saved-lines.ts";

function row(text: string): LiveRow {
  const none = { device: null, deviceKey: null, kind: null, timeMs: null, event: null };
  return { ...none, atMs: 0, text, json: { text } };
}

/** Rows of a topic, of these numbers. */
function rows(from: number, to: number, about = "row"): ReadonlyMap<string, LiveRow> {
  const found = new Map<string, LiveRow>();
  for (let n = from; n <= to; n++) found.set(String(n), row(`${about} ${n}`));
  return found;
}

const texts = (ring: LiveRing): string[] => ring.entries.map((entry) => entry.row.text);

describe("what flows, as it is shown", () => {
  it("has the newest first, and each row once", () => {
    const ring = withRows(withRows(emptyRing, rows(1, 3)), rows(2, 5));
    expect(texts(ring)).toEqual(["row 5", "row 4", "row 3", "row 2", "row 1"]);
    expect(withRows(ring, rows(2, 5))).toBe(ring);
  });

  it("keeps the newest where there are more than can be read", () => {
    const ring = withRows(emptyRing, rows(1, mostShown + 7));
    expect(ring.entries).toHaveLength(mostShown);
    expect(ring.entries[0]?.row.text).toBe(`row ${mostShown + 7}`);
  });

  it("goes on when the topic counts from 1 again, whether it came as far or not", () => {
    const before = withRows(emptyRing, rows(1, 4));
    expect(texts(withRows(before, rows(1, 2, "new"))).slice(0, 3)).toEqual([
      "new 2",
      "new 1",
      "row 4",
    ]);
    const further = withRows(before, rows(1, 6, "new"));
    expect(texts(further).slice(0, 2)).toEqual(["new 6", "new 5"]);
    expect(new Set(further.entries.map(({ key }) => key)).size).toBe(10);
  });

  it("stands still while it is held, keeps what comes, and says how much it could not keep", () => {
    const ring = held(withRows(emptyRing, rows(1, 2)), true);
    const later = withRows(withRows(ring, rows(3, mostHeld)), rows(mostHeld + 1, mostHeld + 12));
    expect(texts(later)).toEqual(["row 2", "row 1"]);
    expect([later.held?.length, later.lost]).toEqual([mostHeld, 10]);
    const on = held(later, false);
    // What came first while it was held is kept: that is what somebody held it for.
    expect(on.entries[0]?.row.text).toBe(`row ${mostHeld + 2}`);
    expect([on.held, on.lost]).toEqual([undefined, 0]);
  });

  it("is empty after it was cleared, and shows what comes next", () => {
    const ring = cleared(withRows(emptyRing, rows(1, 3)));
    expect(texts(ring)).toEqual([]);
    expect(texts(withRows(ring, rows(2, 4)))).toEqual(["row 4"]);
  });
});

describe("what flows, saved", () => {
  it("is a document in each line, the oldest first", () => {
    expect(savedLines([row("b"), row("a")])).toBe('{"text":"a"}\n{"text":"b"}\n');
    expect(savedName("sent", Date.parse("2026-11-29T14:02:11Z"))).toBe(
      "sluicegate-sent-2026-11-29T14-02-11.ndjson",
    );
  });
});
