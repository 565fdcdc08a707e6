import { describe, expect, it } from "vitest";
import { remember } from "../../src/core/remember.ts";

describe("remember()", () => {
  it("asks once for each text", () => {
    const asked: string[] = [];
    const lengthOf = remember(10, (text) => {
      asked.push(text);
      return text.length;
    });
    expect(["one", "three", "one", "three"].map(lengthOf)).toEqual([3, 5, 3, 5]);
    expect(asked).toEqual(["one", "three"]);
  });

  it("forgets the text that came first when there are too many", () => {
    const asked: string[] = [];
    const same = remember(2, (text) => {
      asked.push(text);
      return text;
    });
    expect(["a", "b", "c", "b", "a"].map(same)).toEqual(["a", "b", "c", "b", "a"]);
    expect(asked).toEqual(["a", "b", "c", "a"]);
  });

  it("keeps nothing of a text that is longer than names are", () => {
    const asked: number[] = [];
    const lengthOf = remember(10, ({ length }) => asked.push(length) && length);
    const long = "x".repeat(100_000);
    expect([lengthOf(long), lengthOf(long), lengthOf("x"), lengthOf("x")]).toEqual([
      100_000, 100_000, 1, 1,
    ]);
    expect(asked).toEqual([100_000, 100_000, 1]);
  });
});
