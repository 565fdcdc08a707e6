import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberRanges } from "../../src/simulate/number-ranges.ts";

test("holds what a plain set holds, whatever the order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 80 }), (numbers) => {
      const ranges = new NumberRanges();
      const model = new Set<number>();
      for (const n of numbers) {
        expect(ranges.add(n)).toBe(!model.has(n));
        model.add(n);
      }
      expect([...ranges]).toEqual([...model].sort((a, b) => a - b));
      expect(ranges.size).toBe(model.size);
      for (let n = 0; n <= 41; n += 1) expect(ranges.has(n)).toBe(model.has(n));
    }),
    { numRuns: 300 },
  );
});

test("keeps a row of numbers as one range", () => {
  const ranges = new NumberRanges();
  for (const n of [3, 1, 5, 2, 4, 9]) ranges.add(n);
  expect(ranges.ranges()).toEqual([
    { from: 1, to: 5 },
    { from: 9, to: 9 },
  ]);
});
