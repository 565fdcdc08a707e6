import fc from "fast-check";
import { expect, test } from "vitest";
import { parseNumber } from "../../src/normalize/values/parse-number.ts";

test.each([
  ["317.3988", 317.3988],
  ["00317.3988", 317.3988],
  ["0.000330", 0.00033],
  ["-1.6", -1.6],
  ["+1.6", 1.6],
  ["\u22121.6", -1.6],
  [" 21,5 ", 21.5],
  ["12,1", 12.1],
  ["-,5", -0.5],
  [".5", 0.5],
  ["026.9", 26.9],
  ["1.234,56", 1234.56],
  ["1,234.56", 1234.56],
  ["1,234,567", 1_234_567],
  ["1.234.567", 1_234_567],
  ["1 234", 1234],
  ["1\u202f234,5", 1234.5],
  ["1'234.5", 1234.5],
  ["12e5", 1_200_000],
  ["1.5E-3", 0.0015],
  ["010", 10],
])("%j is %f", (text, value) => {
  expect(parseNumber(text)).toMatchObject({ value, unit: "" });
});

test.each([
  ["3.276 V", 3.276, "V"],
  ["0.00 °C", 0, "°C"],
  ["13.70 %", 13.7, "%"],
  ["221 uS/cm", 221, "uS/cm"],
  ["12kWh", 12, "kWh"],
  ["0x1F", 0, "x1F"],
  ["12:30", 12, ":30"],
  ["2026-11-21", 2026, "-11-21"],
])("%j is %f with %j behind it", (text, value, unit) => {
  expect(parseNumber(text)).toMatchObject({ value, unit });
});

test.each([
  "",
  "-",
  ".",
  ",",
  "V 3.2",
  "1 2 3",
  "1.2.3",
  "1,2,3",
  "12,34.5,6",
  "1e999",
  "--1",
  "٣",
])("%j is no number", (text) => {
  expect(parseNumber(text)).toBeUndefined();
});

test("a comma in front of three digits may part thousands, and that is said", () => {
  expect(parseNumber("1,234")).toMatchObject({ value: 1.234, ambiguous: true });
  expect(parseNumber("0,234")).toMatchObject({ value: 0.234, ambiguous: false });
  expect(parseNumber("1,23")).toMatchObject({ ambiguous: false });
});

test("every number that is printed is read back, with a point or a comma", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = String(value);
      expect(parseNumber(text)?.value).toBe(value === 0 ? 0 : value);
      expect(parseNumber(text.replace(".", ","))?.value).toBe(value === 0 ? 0 : value);
    }),
  );
});

test("no text is read as what is no finite number", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."0123456789.,-+eE' V%x".split("")) }),
      (text) => {
        const value = parseNumber(text)?.value;
        expect(value === undefined || Number.isFinite(value)).toBe(true);
      },
    ),
  );
});
