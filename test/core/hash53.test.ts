import fc from "fast-check";
import { expect, test } from "vitest";
import { hash53 } from "../../src/core/hash53.ts";

test("the number of some bytes is whole, the same each time, and another for other bytes", () => {
  const seen = new Map<number, string>();
  for (let n = 0; n < 100_000; n += 1) {
    const text = `{"temperature":${n / 10}}`;
    const hash = hash53(Buffer.from(text));
    expect(seen.has(hash)).toBe(false);
    seen.set(hash, text);
  }
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), (bytes, pick) => {
      const hash = hash53(bytes);
      expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true);
      expect(hash53(Uint8Array.from(bytes))).toBe(hash);
      const other = Uint8Array.from(bytes);
      const at = pick % bytes.length;
      other[at] = (other[at] ?? 0) ^ (1 << (pick % 8));
      expect(hash53(other)).not.toBe(hash);
    }),
  );
});
