import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression, type Expression } from "../../src/normalize/expression.ts";

function compiled(text: string, kind: "condition" | "value" = "value"): Expression {
  const found = compileExpression(text, kind);
  if ("problem" in found) throw new Error(`${found.column}: ${found.problem}`);
  return found;
}

const words = new Map([["app", "a1"]]);

function run(text: string, member: unknown, whole: unknown = member): unknown {
  return compiled(text).run(whole, member, words);
}

describe("an expression", () => {
  test("calls keys of the message by their bare names, also those that CEL has a meaning for", () => {
    const message = { type: "uplink", double: 2, const: 1, string: "x", port: 2 };
    expect(run('type == "uplink" && !has(simulated)', message)).toBe(true);
    expect(run("double * const", message)).toBe(2);
    expect(run('string == "x" && port in [1, 2]', message)).toBe(true);
  });

  test("reaches keys that are no names by m, and words of the topic by topic", () => {
    expect(run('m["em:0"].act_power', { "em:0": { act_power: 3.5 } })).toBe(3.5);
    expect(run('topic.app == "a1"', {})).toBe(true);
    expect(compiled("topic.app + topic.site").words).toEqual(["app", "site"]);
  });

  test("of a value begins at the member and reaches the message by whole", () => {
    expect(run("raw / whole.scale", { raw: 215 }, { scale: 10 })).toBe(21.5);
  });

  test("of a condition begins at the message", () => {
    expect(compiled("a == 1", "condition").run({ a: 1 }, { a: 2 }, words)).toBe(true);
  });

  test("mixes numbers of the message with whole numbers as written", () => {
    const message = { v: 230.5, i: "1.5", n: 7 };
    expect(run("double(v) * double(i)", message)).toBe(345.75);
    expect(
      ["v * 2", "2 * v", "v / 10", "1 - v", "v + 1"].map((text) => run(text, message)),
    ).toEqual([461, 461, 23.05, -229.5, 231.5]);
    expect(run("n % 2 == 1", message)).toBe(true);
    expect(run("size(i) + 1", message)).toBe(4);
  });

  test("gives nothing where what it asks for is not there or does not fit", () => {
    for (const message of [{}, [], null, 3, "x", { a: "x" }, { a: [] }])
      expect([run("a * 2", message), run("a.b.c == 1", message)]).toEqual([undefined, undefined]);
  });

  test("takes texts apart and puts them together", () => {
    expect(run('name.startsWith("ab") ? name.substring(2) : "no"', { name: "abc" })).toBe("c");
    expect(run('"it is \\"m\\" " + name', { name: "abc" })).toBe('it is "m" abc');
  });
});

describe("what is no expression is told with its column", () => {
  const faults: readonly (readonly [text: string, column: number, problem: string])[] = [
    ['type == "a" && ', 16, "Unexpected token: EOF"],
    ['a == 1 && "x" == 1', 11, "no such overload: string == int"],
    ['a.matches("(a*)*b")', 2, "there is no .matches()"],
    ["l.all(x, x > 0)", 2, "there is no .all()"],
    ["b && cel.bind(x, 1, x)", 9, "there is no .bind()"],
    ['timestamp("2026-11-21T14:02:10Z")', 1, "there is no timestamp()"],
    ['a == 1 && type == "uplink', 19, "Unterminated string"],
    ["double(a) + 1.0", 1, "it gives double, where true or false is needed"],
    ["x".repeat(1_025), 1, "an expression has at most 1024 characters"],
    [`${"1+".repeat(100)}1`, 1, "Exceeded maxAstNodes (128)"],
    ["(".repeat(100), 33, "Exceeded maxDepth (32)"],
  ];

  test.each(faults)("%s", (text, column, problem) => {
    expect(compileExpression(text, "condition")).toEqual({ column, problem });
  });
});

test("no expression reaches what is not in the message, and nothing in a message makes one throw", () => {
  const texts = [
    "m.constructor",
    "constructor",
    "m.__proto__",
    'm["toString"]',
    "a.b.c",
    "a[0] + b",
  ];
  const expressions = [...texts, "a == b || a in b", "double(a) > 1", "a + a == b", "-a"].map(
    (text) => compiled(text),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const message of [value, { a: value, b: value }])
        for (const expression of expressions)
          expect(typeof expression.run(message, message, words)).not.toBe("function");
    }),
  );
  expect(texts.slice(0, 4).map((text) => run(text, {}))).toEqual(Array(4).fill(undefined));
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  expect(run("a == b", { a: deep, b: deep })).toBeUndefined();
});
