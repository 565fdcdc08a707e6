import { describe, expect, test } from "vitest";
import { type Path, parsePath, readPath, visitMatches } from "../../src/normalize/paths/path.ts";

function path(text: string): Path {
  const parsed = parsePath(text);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed;
}

function matches(text: string, root: unknown): [string, unknown][] {
  const found: [string, unknown][] = [];
  visitMatches(path(text), root, (key, value) => found.push([key, value]) > 0);
  return found;
}

const payload: unknown = JSON.parse(
  '{"a":{"b":[10,{"c":"deep"}],"x.y":1,"0":"zero","n":null},"__proto__":{"polluted":true}}',
);

describe("a path", () => {
  test.each([
    ["a.b.0", 10],
    ["a.b.1.c", "deep"],
    ['a["x.y"]', 1],
    ["a.0", "zero"],
    ["a.n", null],
    ["a.b.2", undefined],
    ["a.b.length", undefined],
    ["a.b.c", undefined],
    ["a.n.c", undefined],
    ["b.a", undefined],
    ["toString", undefined],
    ["constructor.name", undefined],
    ["a.hasOwnProperty", undefined],
  ])("%s leads to %o", (text, expected) => {
    expect(readPath(path(text), payload)).toEqual(expected);
  });

  test("$ is the whole payload, whatever it is", () => {
    expect(readPath(path("$"), 21.5)).toBe(21.5);
    expect(readPath(path("$"), payload)).toBe(payload);
  });

  test("leads from a member to the whole message with ^", () => {
    const whole = { id: "hub", readings: [{ id: 1 }] };
    const [member] = whole.readings;
    expect(readPath(path("id"), member, whole)).toBe(1);
    expect(readPath(path("^.id"), member, whole)).toBe("hub");
    expect(readPath(path("^"), member, whole)).toBe(whole);
    expect(readPath(path("^.id"), whole)).toBe("hub");
    expect(parsePath("^.")).toHaveProperty("problem");
  });

  test.each([
    "",
    ".",
    "a.",
    ".a",
    "a..b",
    "a[b]",
    'a["b',
    "a b",
    'a.["b"]',
    "a.*.b.*",
    "**.a",
    "***",
  ])("%o is not one", (text) => {
    expect(parsePath(text)).toHaveProperty("problem");
  });

  test("never names __proto__", () => {
    expect(parsePath("__proto__.x")).toHaveProperty("problem");
    expect(parsePath('a["__proto__"]')).toHaveProperty("problem");
  });
});

describe("a wildcard", () => {
  test("* stands for each key that leads to a single value or null", () => {
    const root = { AM: { T: 1 }, BME: { T: null }, Time: "now", list: { T: [1] } };
    expect(matches("*.T", root)).toEqual([
      ["AM", 1],
      ["BME", null],
    ]);
  });

  test("* at the end stands for the single values only", () => {
    expect(matches("a.*", { a: { x: 1, y: { z: 2 }, w: "t" } })).toEqual([
      ["x", 1],
      ["w", "t"],
    ]);
  });

  test("* within a key stands for the rest of it, which may be nothing", () => {
    const root = { Switch1: "ON", Switch2: "OFF", Switch: "ON", Switched: { T: 1 }, aSwitch1: 1 };
    expect(matches("Switch*", root)).toEqual([
      ["1", "ON"],
      ["2", "OFF"],
      ["", "ON"],
    ]);
    expect(matches("params.switch:*.on", { params: { "switch:0": { on: true }, ts: 1 } })).toEqual([
      ["0", true],
    ]);
  });

  test("several signs in a key stand for the whole of it", () => {
    const root = { "MJ-3108be": { T: 1 }, AM2301: { T: 2 }, "AM2301-1": { T: 3 } };
    expect(matches("*-??????.T", root)).toEqual([["MJ-3108be", 1]]);
  });

  test("** stands for every value below and joins the keys", () => {
    expect(matches("a.**", { a: { x: 1, y: { z: [true, "t"] } } })).toEqual([
      ["x", 1],
      ["y.z.0", true],
      ["y.z.1", "t"],
    ]);
  });

  test("** on a bare value calls it value", () => {
    expect(matches("**", 7)).toEqual([["value", 7]]);
  });

  test("** ends at eight keys and does not follow a payload of any depth", () => {
    const deep: unknown = JSON.parse(`${'{"k":'.repeat(100_000)}1${"}".repeat(100_000)}`);
    expect(matches("**", deep)).toEqual([]);
    expect(matches("**", { a: { b: { c: { d: { e: { f: { g: { h: 1 } } } } } } } })).toHaveLength(
      1,
    );
    expect(
      matches("**", { a: { b: { c: { d: { e: { f: { g: { h: { i: 1 } } } } } } } } }),
    ).toHaveLength(0);
  });

  test("ends when the visitor has seen enough", () => {
    let seen = 0;
    visitMatches(path("**"), [1, 2, 3, 4], () => {
      seen += 1;
      return seen < 2;
    });
    expect(seen).toBe(2);
  });
});
