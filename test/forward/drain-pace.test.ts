import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { DrainPace } from "../../src/forward/drain-pace.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { natsServer } from "../support/nats-server.ts";
import { idsOf, origin, readIds, startForwarding, until } from "./rig.ts";

/** A clock that a test moves by hand. */
function handClock() {
  let nowMs = 0;
  return {
    ...systemClock,
    monotonicMs: () => nowMs,
    advance(ms: number) {
      nowMs += ms;
    },
  };
}

/** Sends records of 100 bytes for so many seconds, while some become durable each second. */
function sendFor(seconds: number, durablePerSecond: number): number {
  const clock = handClock();
  const pace = new DrainPace(1_000, 0, clock);
  let sent = 0;
  for (let tick = 0; tick < seconds * 100; tick += 1) {
    clock.advance(10);
    const durable = Math.floor(((tick + 1) * durablePerSecond) / 100);
    while (pace.waitMs(durable) === 0) {
      pace.sent(100);
      sent += 1;
    }
  }
  return sent;
}

describe("DrainPace", () => {
  test("lets so many bytes a second go", () => {
    expect(sendFor(60, 0)).toBeGreaterThanOrEqual(600);
    expect(sendFor(60, 0)).toBeLessThanOrEqual(620);
  });

  test("shrinks the backlog by as much when devices send more than the rate", () => {
    const sent = sendFor(60, 50);
    expect(sent - 60 * 50).toBeGreaterThanOrEqual(600);
    expect(sent - 60 * 50).toBeLessThanOrEqual(620);
  });

  test("says how long to wait", () => {
    const clock = handClock();
    const pace = new DrainPace(1_000, 0, clock);
    pace.sent(1_500);
    expect(pace.waitMs(0)).toBe(501);
    clock.advance(501);
    expect(pace.waitMs(0)).toBe(0);
  });

  test("holds nothing back once it has caught up", () => {
    const pace = new DrainPace(1_000, 0, handClock());
    pace.sent(50_000);
    pace.caughtUp();
    expect(pace.waitMs(0)).toBe(0);
  });
});

test("a backlog is sent at the rate that is set, and what comes later at once", async () => {
  const server = await natsServer();
  const log = new MemoryLog(origin);
  log.appendMany(200);
  const begun = performance.now();
  startForwarding(server.url, log, { configuration: { drain_rate: 40_000 } });
  await until("backlog sent", () => log.confirmed?.seq === 200);
  // 200 records of about 400 bytes are 80 kB, the first second's worth at once.
  expect(performance.now() - begun).toBeGreaterThan(500);
  log.appendMany(2_000);
  await until("all sent", () => log.confirmed?.seq === 2_200);
  expect(await readIds(server.url)).toEqual(idsOf(1, 2_200));
});
