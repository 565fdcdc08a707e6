import { describe, expect, it } from "vitest";
import { atOnce } from "../../src/core/at-once.ts";

describe("atOnce()", () => {
  it("does each thing once, in order, and never more at once than it may", async () => {
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    await atOnce(3, Array.from({ length: 20 }).keys(), async (n) => {
      begun.push(n);
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
    });
    expect(begun).toEqual([...begun.keys()]);
    expect(begun).toHaveLength(20);
    expect(most).toBe(3);
  });

  it("begins nothing more after a failure, and rejects with it", async () => {
    const begun: number[] = [];
    const all = atOnce(2, [0, 1, 2, 3, 4, 5], async (n) => {
      begun.push(n);
      await new Promise(setImmediate);
      if (n === 1) throw new Error("one fails");
    });
    await expect(all).rejects.toThrow("one fails");
    await new Promise(setImmediate);
    expect(begun.length).toBeLessThanOrEqual(3);
  });
});
