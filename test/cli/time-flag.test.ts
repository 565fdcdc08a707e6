import { expect, it } from "vitest";
import { timeFlag } from "../../src/cli/time-flag.ts";

const dayMs = 86_400_000;

it.each([
  ["2026-11-21T14:00:00Z", Date.UTC(2026, 10, 21, 14)],
  ["2026-11-21T14:00+01:00", Date.UTC(2026, 10, 21, 13)],
  ["2026-11-21", Date.UTC(2026, 10, 21)],
])("%s is a moment", (text, ms) => {
  expect(timeFlag("--at", text)).toBe(ms);
});

it("a time of day is the last one, in UTC, and a duration is ago", () => {
  const nowMs = Date.now();
  const ms = timeFlag("--at", "14:02:30");
  expect(new Date(ms).toISOString()).toContain("T14:02:30.000Z");
  expect(ms).toBeLessThanOrEqual(Date.now());
  expect(ms).toBeGreaterThan(nowMs - dayMs);
  expect(timeFlag("--at", "1d")).toBeGreaterThanOrEqual(nowMs - dayMs);
});

it.each(["2026-11-21T14:00:00", "yesterday", "25:00", "-1h", "1764000000"])(
  "%s is refused, with what to write",
  (text) => {
    expect(() => timeFlag("--at", text)).toThrow(/write 2h|say in which zone/);
  },
);
