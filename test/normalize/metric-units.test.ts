import { describe, expect, it, test } from "vitest";
import { givenReader, outcomeOf } from "./given.ts";

/** Reads payloads by these metrics. */
function reader(...metrics: object[]): (payload: object) => unknown {
  const read = givenReader({ metrics });
  return (payload) => outcomeOf(read(payload));
}

const named = {
  name: "t",
  path: "t",
  unit: { path: "unit", values: { C: "Cel", F: "degF" }, to: "Cel" },
};

test("the unit that the message names counts, and the value is converted", () => {
  const read = reader(named);
  expect(read({ t: 77.5, unit: "F" })).toEqual([["t", 25.3]]);
  expect(read({ t: 77.5, unit: "°F" })).toEqual([["t", 25.3]]);
  expect(read({ t: 25.3, unit: "C" })).toEqual([["t", 25.3]]);
  const { event } = givenReader({ metrics: [named] })({ t: 77.5, unit: "F" });
  expect(event.data).toEqual([{ name: "t", unit: "Cel", value: 25.3, quality: "good" }]);
});

test("a message that names no unit is in that of the metric, or in what the profile says else", () => {
  expect(reader(named)({ t: 25.3 })).toEqual([["t", 25.3]]);
  const other = { ...named, unit: { ...named.unit, else: "degF" } };
  expect(reader(other)({ t: 77.5 })).toEqual([["t", 25.3]]);
  expect(reader(other)({ t: 25.3, unit: "C" })).toEqual([["t", 25.3]]);
});

test("a unit that nobody knows, or of another quantity, makes the value bad and is told of", () => {
  const metrics = [named, { name: "h", path: "h" }];
  for (const unit of ["X", "V", "constructor"]) {
    const { event } = givenReader({ metrics })({ t: 77.5, unit, h: 1 });
    expect(event.data).toEqual([
      { name: "t", value: "77.5", quality: "bad" },
      { name: "h", value: 1, quality: "good" },
    ]);
    expect(event.extensions).toEqual({
      misfits: `t is in "${unit}", which cannot be converted to Cel`,
    });
  }
});

test("a unit may stand beside each value below a wildcard", () => {
  const read = reader({
    name: "{key}",
    path: "*.value",
    unit: { path: "*.unit", to: "Cel" },
  });
  expect(read({ a: { value: 77, unit: "F" }, b: { value: 20, unit: "C" } })).toEqual([
    ["a", 25],
    ["b", 20],
  ]);
});

describe("a metric whose unit is whatever the message names", () => {
  const open = { name: "{key}", path: "*.value", type: "any", unit: { path: "*.unit" } };
  const storedOf = (payload: object) => givenReader({ metrics: [open] })(payload).event;
  const data = (payload: object) => storedOf(payload).data;

  it("has that unit, or the usual one of temperatures, pressures and speeds", () => {
    expect(
      data({
        air: { value: 77, unit: "°F" },
        pressure: { value: 96012, unit: "Pa" },
        wind: { value: 0.2, unit: "m⋅s⁻¹" },
        rain: { value: 1.5, unit: "mm" },
        conductivity: { value: 221, unit: "µS⋅cm⁻¹" },
      }),
    ).toEqual([
      { name: "air", unit: "Cel", value: 25, quality: "good" },
      { name: "pressure", unit: "hPa", value: 960.12, quality: "good" },
      { name: "wind", unit: "m/s", value: 0.2, quality: "good" },
      { name: "rain", unit: "mm", value: 1.5, quality: "good" },
      { name: "conductivity", unit: "S/m", value: 0.0221, quality: "good" },
    ]);
  });

  it("has none where the message names none, where it is no number, and where the word may mean two things", () => {
    expect(data({ a: { value: 1 } })).toEqual([{ name: "a", value: 1, quality: "good" }]);
    expect(data({ a: { value: "shut", unit: "V" } })).toEqual([
      { name: "a", value: "shut", quality: "good" },
    ]);
    const event = storedOf({ x: { value: 0.98, unit: "g" } });
    expect(event.data).toEqual([{ name: "x", value: 0.98, quality: "good" }]);
    expect(event.extensions).toEqual({
      misfits: '*.value (x) is in "g", which is no unit for certain',
    });
  });
});

test("units may stand in a map of their own, and be those of SenML and no others", () => {
  const metric = { name: "{key}", path: "v.*", type: "any", unit: { path: "u.*", senml: true } };
  const { event } = givenReader({ metrics: [metric] })({
    v: { charge: 3.5, mass: 2, t: 21.4, bare: 1 },
    u: { charge: "C", mass: "g", t: "°C" },
  });
  expect(event.data).toEqual([
    { name: "charge", unit: "C", value: 3.5, quality: "good" },
    { name: "mass", unit: "g", value: 2, quality: "good" },
    { name: "t", value: 21.4, quality: "good" },
    { name: "bare", value: 1, quality: "good" },
  ]);
  expect(event.extensions).toEqual({
    misfits: 'v.* (t) is in "°C", which is no unit for certain',
  });
});

test("a unit that the profile knows is converted after scaling, and the range is in the new one", () => {
  const read = reader({
    name: "p",
    path: "p",
    unit: "hPa",
    from: "kPa",
    scale: 0.1,
    range: [0, 5000],
  });
  expect(read({ p: 4120 })).toEqual([["p", 4120]]);
  expect(read({ p: 5120 })).toEqual([["p", 5120, "bad"]]);
});

test("a text is read as a number where the profile says so, and its own unit counts", () => {
  const read = reader({ name: "u", path: "u", unit: "mV", parse: "number" });
  expect(read({ u: "3.276 V" })).toEqual([["u", 3276]]);
  expect(read({ u: "3276" })).toEqual([["u", 3276]]);
  expect(read({ u: 3276 })).toEqual([["u", 3276]]);
  expect(read({ u: "nan" })).toMatchObject({ state: "online" });
  expect(read({ u: "3 furlong" })).toMatchObject({ code: "bad-value" });
  expect(read({ u: "low" })).toMatchObject({ code: "bad-value" });
});

test("a text that may be a thousand or one is uncertain", () => {
  const read = reader({ name: "n", path: "n", parse: "number" });
  expect(read({ n: "1,234" })).toEqual([["n", 1.234, "uncertain"]]);
});

test("what stands for no value does so as a parsed number, too", () => {
  const read = reader(
    { name: "n", path: "n", parse: "number", none: 255, bad: -1 },
    { name: "h", path: "h" },
  );
  expect(read({ n: "255.0", h: 1 })).toEqual([["h", 1]]);
  expect(read({ n: "-1", h: 1 })).toEqual([
    ["n", -1, "bad"],
    ["h", 1],
  ]);
});

test("one key for two units is told apart by a value that is computed", () => {
  const read = reader({
    name: "v",
    value: "voltage > 1000.0 ? voltage / 1000.0 : voltage",
    unit: "V",
  });
  expect(read({ voltage: 2985 })).toEqual([["v", 2.985]]);
  expect(read({ voltage: 230.4 })).toEqual([["v", 230.4]]);
});

test("a computed value has no decimal dust, and is left out where a part of it is missing", () => {
  const read = reader({ name: "p", value: "double(v) * double(i)" }, { name: "v", path: "v" });
  expect(read({ v: 230.1, i: 0.6 })).toEqual([
    ["p", 138.06],
    ["v", 230.1],
  ]);
  expect(read({ v: 230.1 })).toEqual([["v", 230.1]]);
});

test("a number too long to be one keeps its digits and is uncertain", () => {
  const read = givenReader({
    metrics: [
      { name: "id", path: "id" },
      { name: "t", path: "t", type: "text" },
    ],
  });
  expect(outcomeOf(read('{"id":1688888483063664642,"t":"1688888483063664643"}'))).toEqual([
    ["id", "1688888483063664642", "uncertain"],
    ["t", "1688888483063664643"],
  ]);
});
