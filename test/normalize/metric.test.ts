import { describe, expect, test } from "vitest";
import {
  givenCatalog,
  givenMessage,
  givenNormalizer,
  givenProfile,
  givenReader,
  outcomeOf,
} from "./given.ts";

/** Reads payloads by these metrics. */
function reader(...metrics: object[]): (payload: string | object) => unknown {
  const read = givenReader({ metrics });
  return (payload) => outcomeOf(read(payload));
}

describe("a number", () => {
  test("is scaled and shifted without decimal dust", () => {
    const read = reader({ name: "t", path: "t", scale: 0.1, offset: -40 });
    expect(read({ t: 3 })).toEqual([["t", -39.7]]);
    expect(read({ t: 634 })).toEqual([["t", 23.4]]);
    expect(reader({ name: "t", path: "t", scale: 0.1 })({ t: 3 })).toEqual([["t", 0.3]]);
    expect(reader({ name: "t", path: "t", scale: 9.5 })({ t: 3 })).toEqual([["t", 28.5]]);
    expect(reader({ name: "t", path: "t", offset: -273.15 })({ t: 295.2 })).toEqual([["t", 22.05]]);
  });

  test("outside its range is kept and called bad; the ends are good", () => {
    const read = reader({ name: "t", path: "t", scale: 0.1, range: [-50, 50] });
    expect(read({ t: 500 })).toEqual([["t", 50]]);
    expect(read({ t: -500 })).toEqual([["t", -50]]);
    expect(read({ t: 501 })).toEqual([["t", 50.1, "bad"]]);
    expect(read({ t: -501 })).toEqual([["t", -50.1, "bad"]]);
  });

  test("that is not finite makes the message a rejection", () => {
    expect(reader({ name: "t", path: "t" })('{"t":1e999}')).toEqual({
      code: "bad-value",
      reason: "t is not a finite number",
    });
    expect(reader({ name: "t", path: "t", scale: 10 })({ t: 1e308 })).toMatchObject({
      code: "bad-value",
    });
  });
});

test.each([
  ["number", "warm", 't is "warm", not a number'],
  ["number", true, "t is true, not a number"],
  ["boolean", 1, "t is 1, not a boolean"],
  ["text", 1, "t is 1, not a text"],
  ["any", { a: 1 }, "t is a list or an object, not a single value"],
  ["number", [1], "t is a list or an object, not a single value"],
])(
  "where a %s belongs, %o is kept as a bad text and told of, and costs no other value",
  (type, t, reason) => {
    const metrics = [
      { name: "t", path: "t", type },
      { name: "h", path: "h", unit: "%RH" },
    ];
    const { event } = givenReader({ metrics })({ t, h: 50 });
    const value = typeof t === "object" ? JSON.stringify(t) : String(t);
    expect(event.data).toEqual([
      { name: "t", value, quality: "bad" },
      { name: "h", unit: "%RH", value: 50, quality: "good" },
    ]);
    expect(event.extensions).toEqual({ misfits: reason });
  },
);

test("a message in which no value fits is a rejection that names the first", () => {
  const read = reader({ name: "t", path: "t" }, { name: "h", path: "h" });
  expect(read({ t: "warm", h: true })).toEqual({
    code: "bad-value",
    reason: 't is "warm", not a number',
  });
});

test("a value that does not fit is given up last where its metric is", () => {
  const metrics = [
    { name: "leak", path: "leak", type: "boolean", class: "alarm" },
    { name: "t", path: "t" },
  ];
  expect(givenReader({ metrics })({ t: 1, leak: "wet" }).recordClass).toBe("alarm");
});

test("a metric that is missing or null is left out", () => {
  const read = reader({ name: "t", path: "t" }, { name: "h", path: "h" });
  expect(read({ h: 50 })).toEqual([["h", 50]]);
  expect(read({ t: null, h: 50 })).toEqual([["h", 50]]);
});

test("a message without any metric is a rejection", () => {
  const read = reader({ name: "t", path: "t" });
  for (const payload of [{}, "5", "null", "[1]"])
    expect(read(payload)).toEqual({
      code: "no-metric",
      reason: "none of the metrics of acme/probe@3 is in the message",
    });
});

test("of several paths the first that leads to a value counts", () => {
  const read = reader({ name: "p", path: ["e.p", "e.p.0"] });
  expect(read({ e: { p: 7 } })).toEqual([["p", 7]]);
  expect(read({ e: { p: [8, 9] } })).toEqual([["p", 8]]);
  expect(read({ e: { p: ["x"] } })).toMatchObject({ code: "bad-value" });
});

test.each([
  "nan",
  "NaN",
  "-nan",
  "inf",
  "unavailable",
  "N/A",
  "unknown",
  "None",
  "null",
  "",
  "  ",
  [],
  {},
])("%j is no value, and a message of nothing else says that its device lives", (t) => {
  const read = reader({ name: "t", path: "t" }, { name: "h", path: "h" });
  expect(read({ t, h: 50 })).toEqual([["h", 50]]);
  expect(read({ t })).toMatchObject({ state: "online", cause: "reported" });
});

test("a word for no value is a value where the profile lists it, and where texts are measured", () => {
  expect(reader({ name: "d", path: "d", values: { unknown: "lost" } })({ d: "unknown" })).toEqual([
    ["d", "lost"],
  ]);
  expect(reader({ name: "d", path: "d", type: "text" })({ d: "None" })).toEqual([["d", "None"]]);
});

test("what is no value in the unit of the metric is none in the unit that the message names", () => {
  const read = reader({ name: "t", path: "t", unit: { path: "u", to: "Cel" }, uncertain: 85 });
  expect(read({ t: 185, u: "F" })).toEqual([["t", 85, "uncertain"]]);
  expect(read({ t: 85, u: "F" })).toEqual([["t", 29.4]]);
});

test("what a device sends in place of a value is none, bad or uncertain, as its profile says", () => {
  const read = reader(
    { name: "t", path: "t", none: [255, "n/a"], bad: -127, uncertain: 85 },
    { name: "h", path: "h" },
  );
  expect(read({ t: 255, h: 1 })).toEqual([["h", 1]]);
  expect(read({ t: "n/a", h: 1 })).toEqual([["h", 1]]);
  expect(read({ t: -127 })).toEqual([["t", -127, "bad"]]);
  expect(read({ t: 85.0 })).toEqual([["t", 85, "uncertain"]]);
  expect(read({ t: 84.9 })).toEqual([["t", 84.9]]);
});

test("a member of a list that is known by a field is read where others read all members, too", () => {
  const read = givenReader({
    metrics: [
      { name: "t", path: ["list[id=1].v", "list.0[id=1].v"], parse: "number" },
      { name: "h", path: "list[id=2].v" },
      { name: "first", path: "list.0.w" },
    ],
    skip: ["list.*.kind"],
  });
  const list = [
    { kind: "a", id: 2, v: 40, w: 7 },
    { kind: "b", id: "1", v: "-1.6" },
  ];
  expect(outcomeOf(read({ list }))).toEqual([
    ["t", -1.6],
    ["h", 40],
    ["first", 7],
  ]);
  expect(outcomeOf(read({ list: [[{ id: 1, v: 3 }]] }))).toEqual([["t", 3]]);
});

test("what a topic leads to by its words takes the place of what is for all others", () => {
  const profile = givenProfile({
    match: { topic: "plant/{device}/{quantity}" },
    metrics: [
      { name: "temperature", path: "v", unit: "Cel", where: { quantity: "t" } },
      { name: "{quantity}", path: "v", type: "any", otherwise: true },
    ],
  });
  const catalog = givenCatalog({ profiles: [profile] });
  const normalize = givenNormalizer({ catalog, maxSkewMs: 0, maxAgeMs: 0, maxRejectedBytes: 0 });
  const read = (quantity: string) =>
    outcomeOf(normalize(givenMessage(`plant/p1/${quantity}`, { v: 3 }), true));
  expect(read("t")).toEqual([["temperature", 3]]);
  expect(read("mode")).toEqual([["mode", 3]]);
});

describe("values", () => {
  test("translate what the device says", () => {
    const read = reader({
      name: "door",
      path: "d",
      values: { OPEN: true, "0": false, none: null },
    });
    expect(read({ d: "OPEN" })).toEqual([["door", true]]);
    expect(read({ d: 0 })).toEqual([["door", false]]);
    expect(read({ d: "none" })).toMatchObject({ state: "online" });
  });

  test("that are not listed reject the message", () => {
    expect(reader({ name: "door", path: "d", values: { OPEN: true } })({ d: "AJAR" })).toEqual({
      code: "bad-value",
      reason: 'd is "AJAR", which has no meaning',
    });
  });

  test("beside a type are only the special words", () => {
    const read = reader(
      { name: "t", path: "t", type: "number", scale: 0.1, values: { "-999": null, off: 0 } },
      { name: "h", path: "h" },
    );
    expect(read({ t: -999, h: 1 })).toEqual([["h", 1]]);
    expect(read({ t: 215, h: 1 })).toEqual([
      ["t", 21.5],
      ["h", 1],
    ]);
    expect(read({ t: "off", h: 1 })).toEqual([
      ["t", 0],
      ["h", 1],
    ]);
    expect(read({ t: "on", h: 1 })).toEqual([
      ["t", "on", "bad"],
      ["h", 1],
    ]);
  });

  test("do not come from what every object inherits", () => {
    expect(
      reader({ name: "door", path: "d", values: { OPEN: true } })({ d: "constructor" }),
    ).toMatchObject({ code: "bad-value" });
  });
});

describe("a wildcard", () => {
  const temperature = { name: "temperature", path: "*.T", except: ["chip", "x-*"] };

  test("gives the plain name where one key matches", () => {
    expect(reader(temperature)({ AM: { T: 1 }, chip: { T: 60 }, "x-1": { T: 7 } })).toEqual([
      ["temperature", 1],
    ]);
  });

  test("names every value after its key where several match, so none takes another's name", () => {
    const read = reader(temperature);
    expect(read({ A: { T: 1 }, B: { T: 2 } })).toEqual([
      ["temperature_A", 1],
      ["temperature_B", 2],
    ]);
    expect(read({ A: { T: null }, B: { T: 2 } })).toEqual([["temperature_B", 2]]);
  });

  test("with {key} leaves out the key that needs no mention", () => {
    const read = reader({ name: "output_{key}", plain: "0", path: "switch:*" });
    expect(read({ "switch:0": 1, "switch:1": 2 })).toEqual([
      ["output", 1],
      ["output_1", 2],
    ]);
  });

  test("with {key} leaves out what an earlier metric has", () => {
    const read = reader(
      { name: "t", path: "o.t", unit: "Cel" },
      { name: "{key}", path: "o.**", type: "any" },
    );
    expect(read({ o: { t: 1, x: { y: "z" } } })).toEqual([
      ["t", 1],
      ["x.y", "z"],
    ]);
  });

  test("** takes what no other path leads to, under whatever name", () => {
    const read = reader(
      { name: "temperature", path: "o.t", unit: "Cel" },
      { name: "inner", path: "o.*.i" },
      { name: "{key}", path: "o.**", type: "any" },
    );
    expect(read({ o: { t: 1, x: { i: 2, y: "z", list: [7, { w: true }] } }, other: 3 })).toEqual([
      ["temperature", 1],
      ["inner", 2],
      ["x.y", "z"],
      ["x.list.0", 7],
      ["x.list.1.w", true],
    ]);
  });

  test("that finds two values for one name keeps the first and tells of the other", () => {
    const read = givenReader({ metrics: [{ name: "{key}", path: "**", type: "any" }] });
    const { event } = read({ "a.b": 1, a: { b: 2 } });
    expect(event.data).toEqual([{ name: "a.b", value: 1, quality: "good" }]);
    expect(event.extensions).toEqual({ misfits: "** (a.b): two values have the name a.b" });
  });

  test("gives way to metrics of the profile, in front of it and behind it, and tells of what it had", () => {
    const metrics = [
      { name: "temperature", path: "air.t" },
      { name: "{key}", path: "object.**", type: "any" },
      { name: "rssi", path: "radio.rssi", unit: "dBm" },
    ];
    const { event } = givenReader({ metrics })({
      air: { t: 3.8 },
      object: { temperature: 99, rssi: -50, door: true },
      radio: { rssi: -101 },
    });
    expect(event.data).toEqual([
      { name: "temperature", value: 3.8, quality: "good" },
      { name: "door", value: true, quality: "good" },
      { name: "rssi", unit: "dBm", value: -101, quality: "good" },
    ]);
    expect(event.extensions).toEqual({
      misfits:
        "object.** (temperature): two values have the name temperature; another value has the name rssi, too: -50",
    });
  });

  test("that found no value takes no other one with it when it gives way", () => {
    const metrics = [
      { name: "{key}", path: "object.**", type: "any" },
      { name: "rssi", path: "radio.rssi", unit: "dBm" },
    ];
    const { event } = givenReader({ metrics })({
      object: { rssi: "n/a", door: true },
      radio: { rssi: -101 },
    });
    expect(event.data).toEqual([
      { name: "door", value: true, quality: "good" },
      { name: "rssi", unit: "dBm", value: -101, quality: "good" },
    ]);
    expect(event.extensions).toBeUndefined();
  });

  test("gives way to a metric of the profile whose value is wrong, too", () => {
    const metrics = [
      { name: "{key}", path: "object.**", type: "any" },
      { name: "rssi", path: "radio.rssi", unit: "dBm" },
    ];
    const { event } = givenReader({ metrics })({
      object: { rssi: -50, door: true },
      radio: { rssi: [1, 2] },
    });
    expect(event.data).toMatchObject([{ name: "door" }, { name: "rssi", quality: "bad" }]);
  });

  test("never gives more than 64 values", () => {
    const read = reader({ name: "{key}", path: "*" });
    const { event } = givenReader({ metrics: [{ name: "{key}", path: "*" }] })(
      Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`k${at}`, at])),
    );
    expect(event.extensions).toEqual({
      misfits: "* (k64): more than 64 values in one message",
    });
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));
    expect(read(keys(64))).toHaveLength(64);
    expect(read(keys(65))).toHaveLength(64);
  });

  test.each(["", "a\u0000b", "x".repeat(129)])("rejects the name %o", (key) => {
    const read = reader({ name: "{key}", path: "*" });
    expect(read({ [key]: 1 })).toMatchObject({ code: "bad-value" });
  });
});

test("a text that is far too long rejects the message", () => {
  const read = reader({ name: "s", path: "s", type: "text" });
  expect(read({ s: "x".repeat(4_096) })).toHaveLength(1);
  expect(read({ s: "x".repeat(4_097) })).toMatchObject({ code: "bad-value" });
});

test("a message with an alarm metric is given up last", () => {
  const read = givenReader({
    metrics: [
      { name: "leak", path: "leak", type: "boolean", class: "alarm" },
      { name: "t", path: "t" },
    ],
  });
  expect(read({ t: 1, leak: true }).recordClass).toBe("alarm");
  expect(read({ t: 1 }).recordClass).toBe("telemetry");
});

test("the unit travels with the value", () => {
  const { event } = givenReader()({ t: 1 });
  expect(event.data).toEqual([{ name: "temperature", unit: "Cel", value: 1, quality: "good" }]);
});
