import { describe, expect, it } from "vitest";
import { unitMeant } from "../../src/normalize/values/unit-meant.ts";

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
    ["W⋅m⁻²", "W/m2"],
    ["m⋅s⁻¹", "m/s"],
    ["m³⋅m⁻³", "/"],
  ])("takes %j for %j", (text, unit) => {
    expect(unitMeant(text)).toBe(unit);
  });

  it("guesses nothing", () => {
    expect(unitMeant("furlong")).toBeUndefined();
    expect(unitMeant("MV")).toBeUndefined();
  });
});
