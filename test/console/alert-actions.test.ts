import { describe, expect, it } from "vitest";
import { bulkWords } from "../../src/console/screens/alerts/bulk-outcome.ts";
import { chooseWithin, chosenAmong } from "../../src/console/screens/alerts/selection.ts";
import { shelfTimeOf } from "../../src/console/screens/alerts/shelf-times.ts";

describe("a selection", () => {
  it("what left the list is not acted on", () => {
    expect([...chosenAmong(new Set(["a", "gone"]), ["b", "a"])]).toEqual(["a"]);
  });

  it("all of a group are chosen and given back, and others stay", () => {
    const some = chooseWithin(new Set(["other", "a"]), ["a", "b"], new Set(["a", "b"]));
    expect([...some].sort()).toEqual(["a", "b", "other"]);
    expect([...chooseWithin(some, ["a", "b"], new Set())]).toEqual(["other"]);
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
