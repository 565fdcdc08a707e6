import { describe, expect, it } from "vitest";
import { suggest } from "../../src/core/suggest.ts";

describe("suggest", () => {
  it.each([
    ["keep_fireing_for", "keep_firing_for"],
    ["hlod", "hold"],
    ["FOR", "for"],
    ["severty", "severity"],
  ])("takes %s for %s", (word, meant) => {
    expect(suggest(word, ["for", "hold", "keep_firing_for", "severity"])).toBe(meant);
  });

  it("stays silent when nothing is near", () => {
    expect(suggest("colour", ["for", "hold"])).toBeUndefined();
    expect(suggest("x", ["y"])).toBeUndefined();
  });
});
