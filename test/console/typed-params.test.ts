import { expect, test } from "vitest";
import { type CommandParam, rangeText, readTyped } from "../../src/console/parts/typed-params.ts";

function param(facts: Partial<CommandParam>): CommandParam {
  return {
    ...{
      name: "setpoint",
      kind: "number",
      unit: "Cel",
      min: -30,
      max: -10,
      step: null,
      choices: [],
      about: null,
    },
    ...{ fallback: null, ...facts },
  };
}

function fault(one: CommandParam, text: string): string | undefined {
  return readTyped([one], new Map([[one.name, text]])).faults.get(one.name);
}

function value(one: CommandParam, text: string): unknown {
  return readTyped([one], new Map([[one.name, text]])).values[one.name];
}

test("a number is read with a point or a comma, and within its range", () => {
  expect(value(param({}), " -18.5 ")).toBe(-18.5);
  expect(value(param({}), "-18,5")).toBe(-18.5);
  expect(fault(param({}), "-40")).toBe("-40 is below -30 °C");
  expect(fault(param({}), "0")).toBe("0 is above -10 °C");
});

test("texts that only look like numbers are refused", () => {
  for (const text of ["NaN", "Infinity", "0x10", "1e999", "12 °C", "1.234,5", "--1", "𝟏"])
    expect(fault(param({ min: null, max: null }), text)).toContain("is no number");
  expect(fault(param({}), "")).toBe("Type a number in °C");
});

test("an empty field is left to its fallback, and is needed where there is none", () => {
  const both = [param({ fallback: -18 }), param({ name: "mode", kind: "text", unit: null })];
  expect(readTyped(both, new Map())).toEqual({
    values: {},
    faults: new Map([["mode", "Type a text"]]),
  });
});

test("a choice is one of its values, and a truth is true or false", () => {
  const mode = param({ name: "mode", kind: "choice", choices: ["eco", "__proto__"] });
  expect(fault(mode, "turbo")).toBe("Choose one of eco, __proto__");
  expect(value(mode, "__proto__")).toBe("__proto__");
  expect(fault(param({ kind: "boolean" }), "yes")).toBe("Choose true or false");
  expect(value(param({ kind: "boolean" }), "false")).toBe(false);
});

test("a parameter may have any name", () => {
  const odd = param({ name: "constructor", min: null, max: null });
  expect(fault(odd, "")).toBe("Type a number in °C");
});

test("what may be typed stands beside the field", () => {
  expect(rangeText(param({ fallback: -18 }))).toBe("-30 to -10 °C, by default -18");
  expect(rangeText(param({ max: null }))).toBe("-30 °C or more");
  expect(rangeText(param({ kind: "text", unit: null }))).toBe("");
});

test("a number that goes in steps is one of them, also where a computer cannot write it exactly", () => {
  const stepped = param({ min: 0, max: 1, step: 0.1, unit: null });
  expect(value(stepped, "0.3")).toBe(0.3);
  expect(fault(stepped, "0.35")).toBe("0.35 is not in steps of 0.1 from 0");
});
