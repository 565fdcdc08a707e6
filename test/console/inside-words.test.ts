import { describe, expect, it } from "vitest";
import { bytesText } from "../../src/console/parts/number-text.ts";
import { ndjsonOf } from "../../src/console/screens/dead-letters/letters.ts";
import { sampleWords } from "../../src/console/screens/dead-letters/sample-words.ts";
import { behindLines, edgeLines, edgeWeight } from "../../src/console/screens/flow/edge-text.ts";
import { rangesText } from "../../src/console/screens/system/ranges-text.ts";
import { waySummary } from "../../src/console/screens/way/way-summary.ts";

describe("bytes", () => {
  it("are told in the unit that fits", () => {
    expect([0, 1_023, 4_300_000, 5e14].map(bytesText)).toEqual([
      "0 B",
      "1023 B",
      "4.1 MiB",
      "455 TiB",
    ]);
  });
});

describe("partitions", () => {
  it("are told as ranges, in whatever order they come", () => {
    expect(rangesText([3, 1, 2, 7, 9, 8, 20])).toBe("1-3, 7-9, 20");
    expect(rangesText([])).toBe("");
  });
});

describe("an edge of the flow", () => {
  const edge = { from: "a", to: "b", perS: 24, lagMs: 400, backlog: 12, backlogBytes: null };

  it("says how much goes, how far its reader is behind and how much waits", () => {
    expect(edgeLines(edge)).toEqual(["24.0/s", "0.4 s behind", "12 waiting"]);
  });

  it("says nothing of what is not known, nor of a reader that is not behind", () => {
    const calm = { ...edge, perS: null, lagMs: 20, backlog: 0 };
    expect(edgeLines(calm)).toEqual([]);
    expect(behindLines({ ...edge, lagMs: null })).toEqual(["12 waiting"]);
  });

  it("is wider the more goes", () => {
    expect([null, 5, 50, 5_000].map((perS) => edgeWeight({ ...edge, perS }))).toEqual([1, 1, 2, 3]);
  });
});

describe("a rejected message that is tried", () => {
  it("passes with the events it would become, and their own times", () => {
    const data = [{ name: "temperature", value: 21.5, unit: "Cel", quality: "bad" }];
    const words = sampleWords([{ kind: "measurement", device: "th-7", timeMs: 0, data }]);
    expect(words.passes).toBe(true);
    expect(words.lines[0]).toMatch(/^1970-01-01 .* th-7 temperature 21.5 °C \(bad\)$/);
  });

  it("fails with the reason, and whatever else is said of it is text", () => {
    expect(sampleWords("too short")).toEqual({ passes: false, lines: ["too short"] });
    expect(sampleWords(undefined).passes).toBe(false);
    expect(sampleWords([null, { kind: "marker", data: { a: 1 } }]).lines).toEqual([
      'marker {"a":1}',
    ]);
  });

  it("is saved as a line each", () => {
    expect(ndjsonOf([])).toBe("");
  });
});

describe("a way in one sentence", () => {
  const hop = { state: "reached", clock: "gateway gw1", where: "", text: "", path: null } as const;

  it("says how long it took and what took the longest", () => {
    const text = waySummary([
      { ...hop, hop: "device", atMs: 0, tookMs: null },
      { ...hop, hop: "received", atMs: 100, tookMs: 100 },
      { ...hop, hop: "history", atMs: 1_000, tookMs: 900 },
    ]);
    expect(text).toBe("Measured to History: 1 s. The longest hop is History, 0.9 s (90 %).");
  });

  it("gives no whole time where clocks disagree, and says where nothing is known", () => {
    const text = waySummary([
      { ...hop, hop: "device", atMs: 500, tookMs: null },
      { ...hop, hop: "received", atMs: 100, tookMs: -400 },
    ]);
    expect(text).toContain("the clocks on its way disagree");
    expect(waySummary([{ ...hop, hop: "device", atMs: null, tookMs: null }])).toContain("No time");
  });
});
