import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BoundedMap } from "../../src/core/bounded-map.ts";

describe("BoundedMap", () => {
  it("never holds more than it may, and what it holds is what was set last", () => {
    const name = fc.integer({ min: 0, max: 20 }).map(String);
    const steps = fc.array(fc.tuple(fc.constantFrom("set", "delete"), name, fc.nat(9)));
    fc.assert(
      fc.property(steps, (taken) => {
        const map = new BoundedMap<string, number>(30, (_, value) => value);
        const all = new Map<string, number>();
        for (const [kind, key, value] of taken) {
          if (kind === "set") map.set(key, value);
          else map.delete(key);
          if (kind === "set") all.set(key, value);
          else all.delete(key);
          const held = [...map.values()];
          expect(held.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(30);
          expect(held).toHaveLength(map.size);
          for (const known of all.keys())
            expect([undefined, all.get(known)]).toContain(map.get(known));
          if (kind === "set") expect(map.get(key)).toBe(value);
          else expect(map.get(key)).toBeUndefined();
        }
      }),
    );
  });

  it("gives up nothing for what is too heavy to be kept at all", () => {
    const map = new BoundedMap<string, string>(10, (key) => key.length);
    map.set("short", "kept");
    map.set("much longer", "left");
    expect([map.get("short"), map.get("much longer")]).toEqual(["kept", undefined]);
  });

  it("answers nearly always where one name more than fits comes round and round", () => {
    const map = new BoundedMap<number, number>(1_000);
    let missed = 0;
    for (let round = 0; round < 100; round += 1) {
      for (let name = 0; name <= 1_000; name += 1) {
        if (map.get(name) === undefined) missed += 1;
        map.set(name, name);
      }
    }
    expect(missed).toBeLessThan(1_001 + 100 * 5);
  });

  it("goes over its values in the order in which they were set", () => {
    const map = new BoundedMap<string, number>(10);
    for (const [value, key] of ["a", "b", "c", "d"].entries()) map.set(key, value);
    map.delete("b");
    map.set("a", 4);
    expect([...map.values()]).toEqual([2, 3, 4]);
  });
});
