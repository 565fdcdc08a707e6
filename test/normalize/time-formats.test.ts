import fc from "fast-check";
import { expect, test } from "vitest";
import { NamedZone } from "../../src/core/named-zone.ts";
import { readEpoch } from "../../src/normalize/times/epoch-time.ts";
import { parseRfc3339 } from "../../src/normalize/times/rfc3339.ts";
import { compilePattern } from "../../src/normalize/times/time-pattern.ts";
import { type Order, toMoment, type Zone } from "../../src/normalize/times/zone.ts";
import { givenReader, receivedMs } from "./given.ts";

function byPattern(pattern: string, text: string, zone?: Zone): number | undefined {
  const read = compilePattern(pattern, zone);
  if (typeof read !== "function") throw new Error(read.problem);
  return read(text);
}

const berlin = NamedZone.of("Europe/Berlin");
const inBerlin = (wallMs: number, order?: Order): number => toMoment(wallMs, berlin ?? 0, order);

test.each([
  ["MM/dd/yyyy HH:mm:ss", "11/22/2026 10:06:00", 0, "2026-11-22T10:06:00Z"],
  ["M/d/yyyy h:mm a", "1/5/2026 12:06 AM", 0, "2026-01-05T00:06:00Z"],
  ["M/d/yyyy h:mm a", "1/5/2026 12:06 pm", 0, "2026-01-05T12:06:00Z"],
  ["dd.MM.yy HH:mm", "15.06.17 08:30", 7_200_000, "2017-06-15T06:30:00Z"],
  ["yyyy-MM-dd HH:mm:ss.SSS", "2026-11-21 14:02:10.5", 0, "2026-11-21T14:02:10.500Z"],
  ["yyyyMMddHHmmss", "20261121140210", 0, "2026-11-21T14:02:10Z"],
  [
    "EEE MMM d yyyy HH:mm:ss 'GMT'xx (z)",
    "Tue Jan 21 2026 17:56:54 GMT+0100 (CET)",
    undefined,
    "2026-01-21T16:56:54Z",
  ],
  [
    "EEE MMM d yyyy HH:mm:ss 'GMT'xx (z)",
    "Tue Jan 21 2026 17:56:54 GMT+0100 (Central European Time)",
    undefined,
    "2026-01-21T16:56:54Z",
  ],
  [
    "EEE, dd MMM yyyy HH:mm:ss z",
    "Tue, 15 Nov 1994 08:12:31 GMT",
    undefined,
    "1994-11-15T08:12:31Z",
  ],
  ["d MMMM yyyy HH'h'mm", "3 august 2026 07h15", 0, "2026-08-03T07:15:00Z"],
  ["yyyy-MM-dd", "2026-11-21", 0, "2026-11-21T00:00:00Z"],
  ["yyyy-MM-dd HH:mm:ss", "2026-07-21 14:02:10", berlin, "2026-07-21T12:02:10Z"],
  ["yyyy-MM-dd HH:mm:ss", "2026-01-21 14:02:10", berlin, "2026-01-21T13:02:10Z"],
])("a time as %s: %s", (pattern, text, zone, expected) => {
  expect(byPattern(pattern, text, zone)).toBe(Date.parse(expected));
});

test.each([
  ["MM/dd/yyyy", "22/11/2026"],
  ["MM/dd/yyyy", "2/30/2026"],
  ["yyyy-MM-dd HH:mm", "2026-11-21 24:00"],
  ["yyyy-MM-dd h:mm a", "2026-11-21 13:00 PM"],
  ["d MMM yyyy", "1 Foo 2026"],
  ["d MMM yyyy", "1 Jan 2026 "],
  ["EEE, dd MMM yyyy HH:mm:ss z", "Tue, 15 Nov 1994 08:12:31 CET"],
])("what is none as %s: %s", (pattern, text) => {
  expect(byPattern(pattern, text, 0)).toBeUndefined();
});

test.each([
  ["HH:mm:ss", "there is no y in it"],
  ["yyyy-MM-dd HH:mm", "a time without a zone"],
  ["yyyy-MM-ddTHH:mm", '"T" is no part of a time'],
])("the pattern %s is a fault", (pattern, problem) => {
  expect(JSON.stringify(compilePattern(pattern, undefined))).toContain(
    JSON.stringify(problem).slice(1, -1),
  );
});

test.each([
  ["2026-11-21T14:02:10+0100", "2026-11-21T13:02:10Z"],
  ["2026-11-21T14:02:10+01", "2026-11-21T13:02:10Z"],
  ["2026-11-21 14:02:10 +0100", "2026-11-21T13:02:10Z"],
  ["2026-11-21 14:02:10 UTC", "2026-11-21T14:02:10Z"],
  ["2026-11-21T14:02Z", "2026-11-21T14:02:00Z"],
  ["2026-11-21T14:02:10,25Z", "2026-11-21T14:02:10.250Z"],
  ["20261121T140210Z", "2026-11-21T14:02:10Z"],
  ["20261121T140210.5+0100", "2026-11-21T13:02:10.500Z"],
  ["2026-11-21T14:02:10.123456789012345678901234567890Z", "2026-11-21T14:02:10.123Z"],
])("a relative of RFC 3339 is read: %s", (text, expected) => {
  expect(parseRfc3339(text, undefined)).toBe(Date.parse(expected));
});

test.each([
  [1_795_824_000, "auto"],
  [1_795_824_000_000, "auto"],
  [1_795_824_000_000_000, "auto"],
  [1_795_824_000_000_000_000, "auto"],
  ["1795824000", "auto"],
  ["1795824000.0", "auto"],
  ["1795824000000000000", "ns"],
  [" 1795824000000 ", "ms"],
] as const)("what counts from 1970 is read: %j in %s", (value, unit) => {
  expect(readEpoch(value, unit)).toBe(1_795_824_000_000);
});

test("a message may have its time in several forms: the first that reads counts", () => {
  const read = givenReader({
    time: [
      { path: "last_seen", format: "rfc3339" },
      { path: "last_seen", format: "epoch", max_age: "1h" },
      { path: "date", format: "MM/dd/yyyy HH:mm:ss", zone: "America/New_York" },
    ],
  });
  const at = receivedMs - 60_000;
  const timeOf = (payload: object) => read({ t: 1, ...payload }).event.timeMs;
  expect(timeOf({ last_seen: new Date(at).toISOString() })).toBe(at);
  expect(timeOf({ last_seen: at })).toBe(at);
  expect(timeOf({ last_seen: String(at / 1_000) })).toBe(at);
  expect(timeOf({ last_seen: null, date: "11/21/2026 09:01:10" })).toBe(at);
  expect(timeOf({ last_seen: "soon", date: 5 })).toBe(receivedMs);
});

test("an hour that is left out is read with the offset before it", () => {
  expect(inBerlin(Date.UTC(2026, 2, 29, 2, 30))).toBe(Date.UTC(2026, 2, 29, 1, 30));
  expect(inBerlin(Date.UTC(2026, 2, 29, 1, 30))).toBe(Date.UTC(2026, 2, 29, 0, 30));
  expect(inBerlin(Date.UTC(2026, 2, 29, 3, 30))).toBe(Date.UTC(2026, 2, 29, 1, 30));
});

test("an hour that comes twice is told apart by the reading before, or by the time of receipt", () => {
  const early = Date.UTC(2026, 9, 25, 0, 30);
  const late = early + 3_600_000;
  const wall = Date.UTC(2026, 9, 25, 2, 30);
  const order = (lastMs: number | undefined, latestMs: number) => ({
    lastMs,
    latestMs,
    uncertain: false,
  });
  const none = order(undefined, late + 60_000);
  expect(inBerlin(wall, none)).toBe(early);
  expect(none.uncertain).toBe(true);
  for (const [lastMs, latestMs, expected] of [
    [early - 60_000, late + 60_000, early],
    [early + 60_000, late + 60_000, late],
    [undefined, early + 60_000, early],
  ] as const) {
    const told = order(lastMs, latestMs);
    expect(inBerlin(wall, told)).toBe(expected);
    expect(told.uncertain).toBe(false);
  }
});

test("a zone of the database agrees with the engine at every moment but those that are told twice", () => {
  const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) }),
      (name, momentMs) => {
        const zone = NamedZone.of(name);
        if (zone === undefined) throw new Error(name);
        const shown = new Date(momentMs).toLocaleString("sv-SE", { timeZone: name });
        const wall = Date.parse(`${shown.replace(" ", "T")}Z`);
        const found = toMoment(wall, zone);
        const isSame = found === Math.floor(momentMs / 1_000) * 1_000;
        const again = new Date(found).toLocaleString("sv-SE", { timeZone: name });
        expect(isSame || again === shown).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

test("no text is read as what is no moment", () => {
  const reads = [
    "MM/dd/yyyy HH:mm:ss",
    "EEE MMM d yyyy HH:mm:ss z",
    "yyMMddhhmmssSSa",
    "d.M.yy x",
  ].map((pattern) => compilePattern(pattern, berlin));
  const piece = fc.constantFrom(
    "0",
    "1",
    "9",
    "31",
    "12",
    "2026",
    "/",
    ":",
    " ",
    ".",
    "Tue",
    "Jan",
    "pm",
    "Z",
    "+01",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const text = pieces.join("");
      for (const read of reads) {
        const found = typeof read === "function" ? read(text) : Number.NaN;
        expect(found).not.toBeNaN();
      }
      expect(parseRfc3339(text, berlin)).not.toBeNaN();
      expect(readEpoch(text, "auto")).not.toBeNaN();
    }),
  );
});
