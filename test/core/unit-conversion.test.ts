import fc from "fast-check";
import { expect, test } from "vitest";
import { convertibleUnits } from "../../src/core/convertible-units.ts";
import { units } from "../../src/core/unit.ts";
import { conversionOf, convert } from "../../src/core/unit-conversion.ts";

function converted(value: number, from: string, to: string): number | undefined {
  const conversion = conversionOf(from, to);
  return conversion && convert(value, conversion);
}

// Values that the sources print themselves, or that are exact by definition.
test.each([
  [77.5, "degF", "Cel", 25.3],
  [39, "degF", "Cel", 3.9],
  [-40, "degF", "Cel", -40],
  [25.3, "Cel", "degF", 77.54],
  [295.4, "K", "Cel", 22.25],
  [20, "Cel", "K", 293.15],
  [412, "kPa", "hPa", 4120],
  [1.013, "bar", "hPa", 1013],
  [29.92, "inHg", "hPa", 1013.21],
  [760, "mmHg", "hPa", 1013.25],
  [30, "psi", "hPa", 2068.43],
  [1, "in", "mm", 25.4],
  [12, "km", "cm", 1_200_000],
  [36, "km/h", "m/s", 10],
  [10, "km/h", "m/s", 2.77778],
  [12.3, "mph", "m/s", 5.49859],
  [10, "kn", "km/h", 18.52],
  [1, "gal", "l", 3.78541],
  [18, "m3/h", "l/s", 5],
  [2.5, "lb", "kg", 1.13398],
  [0.1, "kWh", "Wh", 100],
  [123_456_789, "J", "kWh", 34.2935525],
  [3.3, "V", "mV", 3300],
  [2985, "mV", "V", 2.985],
  [0.1, "A", "mA", 100],
  [99.9, "%", "/", 0.999],
  [1.1, "ppm", "ppb", 1100],
  [221, "uS/cm", "S/m", 0.0221],
  [1, "KiB", "B", 1024],
])("%f %s to %s %s is %f", (value, from, to, expected) => {
  expect(converted(value, from, to)).toBe(expected);
});

test("what measures different things is not converted, nor what is no unit", () => {
  expect(conversionOf("V", "A")).toBeUndefined();
  expect(conversionOf("lightyear", "m")).toBeUndefined();
  expect(conversionOf("constructor", "m")).toBeUndefined();
  expect(conversionOf("m", "__proto__")).toBeUndefined();
});

const names = Object.keys(convertibleUnits);

test("every value comes back from every unit of its quantity as far as it was told", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.constantFrom(...names),
      fc.integer({ min: -100_000, max: 100_000 }),
      (from, to, tenths) => {
        const there = conversionOf(from, to);
        const back = conversionOf(to, from);
        if (there === undefined || back === undefined) return;
        const value = tenths / 10;
        const size = Math.abs(value) + 1e3;
        expect(Math.abs(convert(convert(value, there), back) - value)).toBeLessThan(size * 1e-3);
      },
    ),
  );
});

test("every finite number stays one, unless it is too large for the other unit", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.constantFrom(...names),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (from, to, value) => {
        const found = converted(value, from, to);
        expect(found).not.toBeNaN();
        if (found !== undefined && Math.abs(value) < 1e280)
          expect(Number.isFinite(found)).toBe(true);
      },
    ),
  );
});

test("every unit of the table that has a SenML symbol is that one", () => {
  const own = names.filter((name) => !Object.hasOwn(units, name));
  expect(own).toMatchInlineSnapshot(`
    [
      "degF",
      "kPa",
      "MPa",
      "mbar",
      "bar",
      "mmHg",
      "inHg",
      "psi",
      "atm",
      "mmH2O",
      "um",
      "dm",
      "in",
      "ft",
      "yd",
      "mi",
      "nmi",
      "mph",
      "kn",
      "ft/s",
      "in/h",
      "cm2",
      "ft2",
      "ml",
      "ft3",
      "gal",
      "gal(UK)",
      "m3/h",
      "l/min",
      "l/h",
      "gal/min",
      "ft3/min",
      "mg",
      "t",
      "lb",
      "oz",
      "ct",
      "gr",
      "dwt",
      "ozt",
      "kJ",
      "MJ",
      "GJ",
      "MWh",
      "BTU",
      "mW",
      "MW",
      "BTU/h",
      "VAh",
      "uV",
      "kV",
      "uA",
      "kA",
      "mAh",
      "kOhm",
      "MOhm",
      "mS/cm",
      "uS/cm",
      "ppb",
      "g/m3",
      "mg/m3",
      "g/l",
      "mg/l",
      "us",
      "d",
      "kHz",
      "GHz",
      "klx",
      "gn",
      "kB",
      "MB",
      "TB",
      "MiB",
      "GiB",
      "kbit/s",
      "kB/s",
      "KiB/s",
    ]
  `);
});
