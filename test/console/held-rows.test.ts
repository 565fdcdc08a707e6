import { describe, expect, it } from "vitest";
import { bulkWords } from "../../src/console/screens/alerts/bulk-outcome.ts";
import { holdRows } from "../../src/console/screens/alerts/held-rows.ts";
import {
  chooseRange,
  chosenAmong,
  tickedOf,
  toggleAll,
  toggleOne,
} from "../../src/console/screens/alerts/selection.ts";
import { shelfTimeOf } from "../../src/console/screens/alerts/shelf-times.ts";

const keyOf = ({ key }: { readonly key: string }): string => key;

describe("rows that hold still", () => {
  it("a row that would sort first keeps its place, a new one waits, one that is gone leaves", () => {
    const sorted = [{ key: "new" }, { key: "c" }, { key: "a" }];
    expect(holdRows(["a", "b", "c"], sorted, keyOf)).toEqual({
      rows: [{ key: "a" }, { key: "c" }],
      newer: ["new"],
    });
  });
});

describe("a selection", () => {
  it("knows none, some and all of what is shown", () => {
    expect(tickedOf(new Set(), ["a", "b"])).toBe("none");
    expect(tickedOf(new Set(["a"]), ["a", "b"])).toBe("some");
    expect(tickedOf(new Set(["a", "b"]), ["a", "b"])).toBe("all");
    expect(tickedOf(new Set(["a"]), [])).toBe("none");
  });

  it("what left the list is not acted on", () => {
    expect(chosenAmong(new Set(["a", "gone"]), ["b", "a"])).toEqual(["a"]);
  });

  it("all of a group are chosen and given back, and others stay", () => {
    const some = toggleAll(new Set(["other", "a"]), ["a", "b"]);
    expect([...some].sort()).toEqual(["a", "b", "other"]);
    expect([...toggleAll(some, ["a", "b"])]).toEqual(["other"]);
    expect([...toggleOne(some, "a")]).toEqual(["other", "b"]);
  });

  it("a range goes in either direction, and is one row where its start is gone", () => {
    const shown = ["a", "b", "c", "d"];
    expect([...chooseRange(new Set(), shown, "c", "a")]).toEqual(["a", "b", "c"]);
    expect([...chooseRange(new Set(), shown, "gone", "b")]).toEqual(["b"]);
  });
});

describe("what was done to several", () => {
  it("says how many, and each that was refused with its reason", () => {
    const outcomes = [
      { name: "FreezerWarm freezer-07", refused: null },
      { name: "MotorHot motor-3", refused: "bo acknowledged it already" },
    ];
    expect(bulkWords(outcomes, "acknowledged")).toEqual({
      head: "1 of 2 acknowledged",
      refused: ["MotorHot motor-3: bo acknowledged it already"],
    });
    expect(bulkWords(outcomes.slice(0, 1), "acknowledged").head).toBe("1 acknowledged");
  });
});

describe("a time on the shelf", () => {
  it("is one of the usual ones, until it is normal, or as it is written", () => {
    expect(shelfTimeOf("15m", "")).toEqual({ forMs: 900_000 });
    expect(shelfTimeOf("once", "")).toEqual({ once: true });
    expect(shelfTimeOf("custom", " 1,5 h")).toEqual({ forMs: 5_400_000 });
    expect(shelfTimeOf("custom", "2d")).toEqual({ forMs: 172_800_000 });
  });

  it.each(["", "soon", "0m", "10", "-5m", "99999999h"])(
    "`%s` is none, and says how to write one",
    (text) => {
      expect(shelfTimeOf("custom", text)).toEqual(expect.stringContaining("such as 45m"));
    },
  );
});
