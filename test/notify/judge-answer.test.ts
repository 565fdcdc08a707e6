import { describe, expect, test } from "vitest";
import { parseRetryAfter } from "../../src/core/retry-after.ts";
import { judgeAnswer } from "../../src/notify/judge-answer.ts";

const nowMs = Date.UTC(2026, 10, 21, 14, 0, 0);

describe("an answer", () => {
  test.each([
    ["120", 120_000],
    [" 0 ", 0],
    ["Sat, 21 Nov 2026 14:01:30 GMT", 90_000],
    ["Saturday, 21-Nov-26 14:01:30 GMT", 90_000],
    ["Sat Nov 21 14:01:30 2026", 90_000],
    ["Sat, 21 Nov 2026 13:00:00 GMT", 0],
    ["-5", undefined],
    ["1.5", undefined],
    ["2026", 2_026_000],
    ["2026-11-21", undefined],
    ["soon", undefined],
    ["", undefined],
    [null, undefined],
    ["9".repeat(400), undefined],
  ])("that asks to be tried again after %j means %j ms", (text, ms) => {
    expect(parseRetryAfter(text, nowMs)).toBe(ms);
  });

  test("of 429 or 503 with a time is rest for so long, a quarter of an hour at most", () => {
    expect(judgeAnswer(429, "15", nowMs)).toMatchObject({ kind: "failed", restMs: 15_000 });
    expect(judgeAnswer(503, "15", nowMs)).toMatchObject({ kind: "failed", restMs: 15_000 });
    expect(judgeAnswer(503, "999999999", nowMs)).toMatchObject({ restMs: 900_000 });
  });

  test("of 429 without a time is a short rest, and 503 or 500 none", () => {
    expect(judgeAnswer(429, null, nowMs)).toMatchObject({ restMs: 500 });
    expect(judgeAnswer(503, null, nowMs)).toEqual({ kind: "failed", reason: "answered 503" });
    expect(judgeAnswer(500, "15", nowMs)).toEqual({ kind: "failed", reason: "answered 500" });
  });

  test("about the address or the credentials is tried again, and people are asked to look", () => {
    for (const status of [301, 401, 403, 404, 405, 407, 410])
      expect(judgeAnswer(status, null, nowMs)).toMatchObject({
        kind: "failed",
        misconfigured: true,
      });
  });
});
