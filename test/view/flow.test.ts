import { describe, expect, test } from "vitest";
import { bytesBehind, messagesBehind } from "../../src/view/flow/behind.ts";
import { Rate, Rates } from "../../src/view/flow/rate.ts";

describe("how far a reader is behind", () => {
  const stream = { messages: 10, bytes: 1_000, firstSeq: 91, lastSeq: 100 };

  test("is what it can still read: what went by its age waits for nobody", () => {
    expect(messagesBehind(stream, 95)).toBe(5);
    expect(messagesBehind(stream, 3)).toBe(10);
    expect(messagesBehind({ ...stream, messages: 0 }, 3)).toBe(0);
    expect(bytesBehind(stream, 5)).toBe(500);
  });

  test("is never below nothing, though its place is newer than what was seen of the stream", () => {
    expect(messagesBehind(stream, 140)).toBe(0);
  });
});

describe("how fast a number rises", () => {
  test("is told over the last seconds, and not across a stream that was made anew", () => {
    const rate = new Rate();
    expect(rate.perS).toBeUndefined();
    rate.note(100, 0);
    rate.note(300, 2_000);
    expect(rate.perS).toBe(100);
    rate.note(5, 3_000);
    expect(rate.perS).toBeUndefined();
    rate.note(15, 4_000);
    expect(rate.perS).toBe(10);
  });

  test("is forgotten with what it was of", () => {
    const rates = new Rates();
    rates.note([["a", 1]], 0);
    rates.note([["a", 2]], 1_000);
    expect(rates.perS("a")).toBe(1);
    rates.note([["b", 2]], 2_000);
    expect(rates.perS("a")).toBeUndefined();
  });

  test("of now is not that of before a long break", () => {
    const rate = new Rate();
    rate.note(0, 0);
    rate.note(1_000_000, 60_000);
    expect(rate.perS).toBeUndefined();
  });
});
