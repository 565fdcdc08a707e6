import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "../../src/core/glob.ts";

describe("matchesGlob", () => {
  it.each([
    ["acme/*", "acme/fz-200", true],
    ["*", "anything/at all", true],
    ["*", "", true],
    ["", "a", false],
    ["a.c", "abc", false],
    ["acme/fz", "acme/fz-200", false],
    ["*-200", "acme/fz-200", true],
    ["fz-?00", "fz-200", true],
    ["?", "\u{1f9ca}", true],
    ["*?", "", false],
    ["a*b*c", "a-b-b-c", true],
  ])("%s, %s: %s", (glob, name, fits) => {
    expect(matchesGlob(glob, name)).toBe(fits);
  });

  it("agrees with a regular expression", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "b", "*", "?", "\n", "\u{1f9ca}"),
      maxLength: 9,
    });
    fc.assert(
      fc.property(text, text, (glob, name) => {
        const pattern = glob.replaceAll("*", "[^]*").replaceAll("?", "[^]");
        expect(matchesGlob(glob, name)).toBe(new RegExp(`^${pattern}$`, "u").test(name));
      }),
      { numRuns: 2_000 },
    );
  });
});
