import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRfc3339, parseZone } from "../../src/normalize/times/rfc3339.ts";

test("every moment that can be written is read back", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(0, 0), max: Date.UTC(9999, 11, 31) }),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (moment, east) => {
        const local = new Date(moment + east * 60_000).toISOString().slice(0, -1);
        if (local.length !== 23) return;
        const hours = String(Math.trunc(Math.abs(east) / 60)).padStart(2, "0");
        const minutes = String(Math.abs(east) % 60).padStart(2, "0");
        const zone = `${east < 0 ? "-" : "+"}${hours}:${minutes}`;
        expect(parseRfc3339(local + zone, undefined)).toBe(moment);
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  ["2026-11-21T14:02:10Z", "2026-11-21T14:02:10.000Z"],
  ["2026-11-21t14:02:10z", "2026-11-21T14:02:10.000Z"],
  ["2026-11-21 14:02:10.5Z", "2026-11-21T14:02:10.500Z"],
  ["2026-11-21T14:02:10.123456789Z", "2026-11-21T14:02:10.123Z"],
  ["2026-11-21T16:02:10+0200", "2026-11-21T14:02:10.000Z"],
  ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
  ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
])("%s is %s", (text, expected) => {
  expect(parseRfc3339(text, undefined)).toBe(Date.parse(expected));
});

test.each([
  "",
  "2026-11-21",
  "2026-11-21T14:02",
  "2026-11-21T14:02:10",
  "2026-11-21T14:02:10.Z",
  "2026-11-21T24:00:00Z",
  "2026-02-29T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-00-10T00:00:00Z",
  "2026-11-21T14:02:10+2:00",
  "2026-11-21T14:02:10Zx",
  "21.11.2026 14:02:10Z",
  "yesterday, at some time",
])("%o is not a time", (text) => {
  expect(parseRfc3339(text, undefined)).toBeUndefined();
});

test("a text without zone is read in the zone that the profile names", () => {
  const zone = parseZone("+01:00");
  expect(parseRfc3339("2026-11-21T15:02:10", zone)).toBe(Date.UTC(2026, 10, 21, 14, 2, 10));
});
