import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitText, padText, widthOf } from "../../src/screen/text-width.ts";

describe("the width of a text", () => {
  it.each([
    ["freezer-07", 10],
    ["Gefriertür", 10],
    ["冷凍庫", 6],
    ["냉동고", 6],
    ["れいとう", 8],
    ["ﾚｲﾄｳ", 4],
    ["ｆｕｌｌ", 8],
    ["e\u0301a\u0308", 2],
    ["🚀", 2],
    ["👩‍🔧", 2],
    ["🇩🇪", 2],
    ["❄️", 2],
    ["❄", 1],
    ["a\u200bb", 2],
    ["ثلاجة", 5],
    ["", 0],
  ])("%j takes %i columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it("never grows with heaps of accents, and they are cut", () => {
    const heap = `a${"\u0301".repeat(10_000)}b`;
    expect(widthOf(heap)).toBe(2);
    expect(fitText(`${heap}${heap}`, 3).length).toBeLessThan(100);
  });

  it("is exactly what was asked for once a text is padded, and no more once it is cut", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(30), (text, columns) => {
        expect(widthOf(fitText(text, columns))).toBeLessThanOrEqual(columns);
        expect(widthOf(padText(text, columns))).toBe(columns);
      }),
    );
  });

  it("leaves a text whole that fits, and says where something is left out", () => {
    expect(fitText("freezer-07", 10)).toBe("freezer-07");
    expect(fitText("freezer-07", 9)).toBe("freezer-…");
    expect(fitText("冷凍庫", 4)).toBe("冷…");
    expect(fitText("freezer-07", 0)).toBe("");
  });
});
