import { expect, test } from "vitest";
import { Admission } from "../../../src/sources/mqtt/admission.ts";
import { RetainedBound } from "../../../src/sources/mqtt/retained.ts";
import { Sessions } from "../../../src/sources/mqtt/sessions.ts";
import { Strikes } from "../../../src/sources/mqtt/strikes.ts";
import { ManualClock } from "../../support/manual-clock.ts";

test("an address gets its connections back with time, and others are not its concern", async () => {
  const clock = new ManualClock();
  const limits = { maxClients: 100, maxClientsPerAddress: 100, connectsPerSecond: 2 };
  const admission = new Admission(limits, clock);
  const admit = (address: string): unknown => admission.admit(address);
  expect([admit("a"), admit("a"), admit("a")]).toEqual([undefined, undefined, "connect-rate"]);
  expect(admit("b")).toBeUndefined();
  await clock.advance(500);
  expect([admit("a"), admit("a")]).toEqual([undefined, "connect-rate"]);
  await clock.advance(60_000);
  expect([admit("a"), admit("a"), admit("a")]).toEqual([undefined, undefined, "connect-rate"]);
});

test("who strikes again is shut out twice as long, and forgiven after a quiet minute", async () => {
  const clock = new ManualClock();
  const strikes = new Strikes(clock);
  expect(strikes.strike("a")).toBe(true);
  expect([strikes.isBlocked("a"), strikes.isBlocked("b")]).toEqual([true, false]);
  await clock.advance(1_000);
  expect(strikes.isBlocked("a")).toBe(false);
  expect(strikes.strike("a")).toBe(false);
  await clock.advance(1_999);
  expect(strikes.isBlocked("a")).toBe(true);
  await clock.advance(1);
  expect(strikes.isBlocked("a")).toBe(false);
  await clock.advance(60_001);
  expect(strikes.strike("a")).toBe(true);
});

test("retained messages are bounded in number and bytes, and make room when they are cleared", () => {
  const many = new RetainedBound();
  for (let n = 0; n < 10_000; n += 1) expect(many.admit(`t/${n}`, 1)).toBe(true);
  expect([many.admit("more", 1), many.admit("t/7", 1)]).toEqual([false, true]);
  expect([many.admit("t/7", 0), many.admit("more", 1)]).toEqual([true, true]);

  const large = new RetainedBound();
  const mib = 2 ** 20;
  expect([large.admit("a", 10 * mib), large.admit("b", 7 * mib)]).toEqual([true, false]);
  expect([large.admit("a", 9 * mib), large.admit("b", 7 * mib)]).toEqual([true, true]);
});

test("a session takes a thousand filters, and gives them back when it ends", () => {
  const sessions = new Sessions<object>(10);
  const holder = {};
  const fill = (client: string): boolean[] =>
    Array.from({ length: 1_001 }, (_, n) => sessions.subscribe(client, `t/${n}`));
  for (let round = 0; round < 200; round += 1) {
    sessions.open("d1", undefined, false, holder);
    expect(fill("d1").filter((granted) => granted)).toHaveLength(1_000);
    sessions.close("d1", holder);
  }
});

test("only so many sessions are kept", () => {
  const sessions = new Sessions<object>(2);
  for (const client of ["a", "b"]) {
    expect(sessions.canKeep(client)).toBe(true);
    sessions.open(client, undefined, true, {});
  }
  expect([sessions.canKeep("c"), sessions.canKeep("a")]).toEqual([false, true]);
  sessions.open("a", undefined, false, {});
  expect(sessions.canKeep("c")).toBe(true);
});
