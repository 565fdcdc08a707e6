import { describe, expect, it } from "vitest";
import { foldLine } from "../../src/demo/fold-line.ts";

describe("foldLine", () => {
  it("breaks between facts, at the last wide gap that fits", () => {
    expect(foldLine("proof   sent 1   stored 1   lost 0   duplicates 0", 30)).toBe(
      "proof   sent 1   stored 1\n       lost 0   duplicates 0",
    );
  });

  it("breaks at a blank where there is no gap, and again where the rest is too long", () => {
    const folded = foldLine(`00:01  ${"word ".repeat(30).trim()}`, 40);
    expect(folded.split("\n").every((line) => line.length <= 40)).toBe(true);
    expect(folded.replaceAll(/\s+/g, " ")).toBe(`00:01 ${"word ".repeat(30).trim()}`);
  });

  it("leaves a line whole that fits, that has no blank, or that no terminal shows", () => {
    expect(foldLine("fits", 80)).toBe("fits");
    expect(foldLine("x".repeat(200), 80)).toBe("x".repeat(200));
    expect(foldLine("a ".repeat(100), undefined)).toBe("a ".repeat(100));
  });
});
