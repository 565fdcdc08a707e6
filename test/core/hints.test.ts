import { describe, expect, it } from "vitest";
import { durationHint, durationHintFor } from "../../src/core/duration.ts";
import { unitMeant } from "../../src/core/unit-meant.ts";

describe("durationHintFor", () => {
  it.each([
    ["10 minutes", "write 10m"],
    ["5 min", "write 5m"],
    ["90sec", "write 90s"],
    ["1h30m", "write 90m"],
    ["2 Days", "write 2d"],
    ["10", "write 10s or 10m"],
    ["soon", durationHint],
    ["5 parsecs", durationHint],
    ["", durationHint],
  ])("answers %j with %j", (text, hint) => {
    expect(durationHintFor(text)).toBe(hint);
  });
});

describe("unitMeant", () => {
  it.each([
    ["\u00b5g/m3", "ug/m3"],
    ["\u03bcg/m3", "ug/m3"],
    ["\u00b5g/m\u00b3", "ug/m3"],
    ["°C", "Cel"],
    ["℃", "Cel"],
    ["Celsius", "Cel"],
    ["m³", "m3"],
    ["°", "deg"],
    ["lux", "lx"],
    ["Ω", "Ohm"],
  ])("takes %j for %j", (text, unit) => {
    expect(unitMeant(text)).toBe(unit);
  });

  it("guesses nothing", () => {
    expect(unitMeant("furlong")).toBeUndefined();
    expect(unitMeant("MV")).toBeUndefined();
  });
});
