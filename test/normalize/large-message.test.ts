import { expect, test } from "vitest";
import { givenReader, outcomeOf } from "./given.ts";

/** About 900 KB: a long key with many short ones below it. */
function manyBelow(longKey: string, shortKey: (n: number) => string): string {
  const below = Array.from({ length: 40_000 }, (_, n) => `"${shortKey(n)}":1`).join(",");
  return `{"t":1,"${longKey}":{${below}}}`;
}

/** Work that grows with the square of the message would take far longer than a test is given. */
test("keys under a long key cost their own length, whether the rest takes them or passes them over", () => {
  const read = givenReader({
    metrics: [
      { name: "t", path: "t" },
      { name: "u", path: "*.u" },
      { name: "{key}", path: "**", type: "any", except: ["*y"] },
    ],
  });
  for (const key of ["k".repeat(400_000), "y".repeat(400_000)])
    for (const short of [(n: number) => `${n}y`, (n: number) => `y${n}`])
      expect(outcomeOf(read(manyBelow(key, short)))).toContainEqual(["t", 1]);
});

test("many keys that several wildcards stand for are read as the first of them are", () => {
  const read = givenReader({
    metrics: [
      { name: "t", path: "t" },
      { name: "v_{key}", path: "*-*.v" },
      { name: "w_{key}", path: "*.w" },
      { name: "x_{key}", path: "a*.x" },
    ],
  });
  const keys = Array.from({ length: 30_000 }, (_, n) => `"a-${n}":{}`).join(",");
  const message = `{"t":1,${keys},"a-last":{"v":2,"w":3,"x":4},"b-last":{"v":5,"w":6,"x":7},"c":{"v":8,"w":9}}`;
  expect(outcomeOf(read(message))).toEqual([
    ["t", 1],
    ["v_a-last", 2],
    ["v_b-last", 5],
    ["w_a-last", 3],
    ["w_b-last", 6],
    ["w_c", 9],
    ["x_-last", 4],
  ]);
});
