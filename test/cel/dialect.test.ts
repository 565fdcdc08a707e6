import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CelDialect, type CelProgram } from "../../src/cel/dialect.ts";
import { CelFailure } from "../../src/cel/failure.ts";

const dialect = new CelDialect({
  variables: { m: "map<string, dyn>", tags: "map<string, string>" },
  functions: { "age(string): double": () => 5 },
});

function compiled(text: string): CelProgram {
  const found = dialect.compile(text, ["bool", "double", "int", "string", "dyn"], "a value");
  if ("problem" in found) throw new Error(`${found.column}: ${found.problem}`);
  return found;
}

function run(text: string, m: object): unknown {
  const found = compiled(text).run({ m, tags: {} });
  return found instanceof CelFailure
    ? `${found.isMissing ? "missing" : "error"}: ${found.problem}`
    : found;
}

describe("an expression", () => {
  test("is true where one side of an or is, and false where one side of an and is, whatever the other lacks", () => {
    for (const text of ["m.a > 63 || m.b > 63", "m.b > 63 || m.a > 63"]) {
      expect(run(text, { a: 64 })).toBe(true);
      expect(run(text, { a: 1 })).toBe("missing: No such key: b");
    }
    for (const text of ["m.a > 63 && m.b > 63", "m.b > 63 && m.a > 63"])
      expect(run(text, { a: 1 })).toBe(false);
  });

  test("tells what is not there from what does not fit", () => {
    expect(run("m.a > 1", {})).toBe("missing: No such key: a");
    expect(run("m.a > 1", { a: "unavailable" })).toBe("error: no such overload: dyn<string> > int");
    expect(run("double(m.a) > 1.0", { a: "unavailable" })).toMatch(/^error: /);
    expect(run("has(m.a)", {})).toBe(false);
  });

  test("that divides by zero is an error, unless what is divided does not count", () => {
    for (const text of [
      "m.a / m.b > 3",
      "m.a / 0 > 3",
      "5 / int(m.b) > 3",
      "int(m.a) % int(m.b) == 1",
    ])
      expect(run(text, { a: 1, b: 0 })).toMatch(/^error: .*by zero/);
    expect(run("m.b != 0 && m.a / m.b > 3", { a: 1, b: 0 })).toBe(false);
    expect(run("m.a / m.b == 2 && m.a % 3 == 1", { a: 4, b: 2 })).toBe(true);
  });

  test("that gives no finite number is an error", () => {
    expect(run("m.a * 10.0", { a: 1e308 })).toBe("error: it gives Infinity, which is no number");
  });

  test("with a division means what it meant without the check", () => {
    const m = { a: 7.5, b: 2, s: 'it\'s "so"\n', l: ["x", "yy"] };
    for (const [text, expected] of [
      ["-(m.a + 1) / ((m.b) - 4) > 3 ? m.s : 'no\\n'", m.s],
      ["m.a / m.b / 2", 1.875],
      ["m.a / (m.b / 2)", 7.5],
      ["int(m.a) / 2", 3],
      ["m.l[int(m.b) / 2].size() == 2", true],
      ["size(m.l) in [1, 4 / 2] && !(m.a % 2 == 0)", true],
      ["0x10 / 1e3 + 0.5", 0.516],
      ['"""a"b""" + string(4 / 2)', 'a"b2'],
    ] as const)
      expect(run(text, m)).toEqual(expected);
  });
});

describe("what is no expression is told with its column", () => {
  test.each([
    ['m.a.matches("(a*)*b")', 4, "there is no .matches()"],
    ['"""x" + """.matches("(a*)*b")', 12, "there is no .matches()"],
    ["m.l.all(x, x > 0)", 4, "there is no .all()"],
    ["over(1, 2) > 1", 1, "there is no over()"],
    ["duration('1s') > duration('2s')", 1, "there is no duration()"],
    ["1 < m.a < 3", 1, "no such overload: bool < int"],
    ["m.a > 1 && tags.line", 1, "Logical operator requires bool operands, got 'string'"],
    ["temperature > 3", 1, "Unknown variable: temperature"],
    ["m.a > 1 and m.b", 9, "Unexpected character: 'd'"],
    ["m.a = 1", 5, "Unexpected character: ="],
    ["x".repeat(1_025), 1, "an expression has at most 1024 characters"],
    [`${"1/".repeat(100)}1`, 1, "Exceeded maxAstNodes (128)"],
  ])("%s", (text, column, problem) => {
    expect(dialect.compile(text, ["bool"], "true or false")).toEqual({ column, problem });
  });
});

test("nothing that is written makes one throw, and nothing that is given either", () => {
  const word = fc.constantFrom(
    ...["m", "m.a", "tags", "age", "(", ")", "[", "]", "/", "%", "-", "!", "&&", "||", "? ", ":"],
    ...[
      "1",
      "0",
      "2.5",
      '"x"',
      "has(",
      "size(",
      ".size()",
      ".constructor",
      "==",
      "<",
      "in",
      "'",
      ",",
    ],
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.jsonValue(), (words, a) => {
      const found = dialect.compile(words.join(" "), ["bool", "dyn", "double"], "a value");
      if ("problem" in found) expect(found.column).toBeGreaterThan(0);
      else expect(typeof found.run({ m: { a }, tags: {} })).not.toBe("function");
    }),
    { numRuns: 500 },
  );
});
