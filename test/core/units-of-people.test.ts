import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../src/core/duration.ts";
import { Backoff } from "../../src/core/retry.ts";
import { formatSize, parseSize } from "../../src/core/size.ts";

describe("durations", () => {
  it.each([
    ["250ms", 250],
    ["90s", 90_000],
    ["1.5m", 90_000],
    ["2h", 7_200_000],
    ["3d", 259_200_000],
  ])("reads %s", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(["10 minutes", "10", "-5s", "5 s", ""])("refuses %j", (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );

  it.each([
    [0, "0s"],
    [250, "250ms"],
    [90_000, "1m30s"],
    [3_600_000, "1h"],
    [90_061_000, "1d1h"],
  ])("writes %d ms as %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe("sizes", () => {
  it.each([
    ["512", 512],
    ["64KiB", 65_536],
    ["2 GiB", 2 ** 31],
    ["1MB", 1_000_000],
  ])("reads %s", (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(["64 kb", "2iB", "", "-1", "12X"])("refuses %j", (text) =>
    expect(parseSize(text)).toBeUndefined(),
  );

  it("writes them for people", () => expect(formatSize(4_299_161)).toBe("4.1 MiB"));
});

describe("Backoff", () => {
  it("doubles its bound with each failure up to the longest wait, and starts anew after a success", () => {
    const backoff = new Backoff({ baseMs: 500, maxMs: 3_000 }, () => 0.999999);
    expect([1, 2, 3, 4, 5].map(() => backoff.nextMs())).toEqual([500, 1_000, 2_000, 3_000, 3_000]);
    backoff.reset();
    expect(backoff.nextMs()).toBe(500);
  });
});
