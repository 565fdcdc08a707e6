import { expect, test } from "vitest";
import { toRunId, toSeq } from "../../src/core/ids.ts";
import type { LogState } from "../../src/core/log-accounts.ts";
import { FlowSamples } from "../../src/gateway/flow-samples.ts";
import { FlowWatch } from "../../src/gateway/flow-watch.ts";
import { linkWordOf } from "../../src/gateway/link-word.ts";
import { ManualClock } from "../support/manual-clock.ts";

function watching() {
  const clock = new ManualClock();
  const now = { received: 0, lastSeq: 0, waiting: 0, sent: 0, dropped: 0, isCut: true };
  const watch = new FlowWatch({
    clock,
    received: () => now.received,
    link: () => ({ kind: now.isCut ? "offline" : "draining", sent: now.sent }),
    buffer: (): LogState => ({
      run: toRunId("00000000"),
      firstSeq: toSeq(1),
      lastSeq: toSeq(now.lastSeq),
      durableSeq: toSeq(now.lastSeq),
      confirmed: undefined,
      waitingRecords: now.waiting,
      oldestWaitingMs: undefined,
      sizeBytes: now.lastSeq * 100,
      maxBytes: 1_000_000,
      settledSeq: toSeq(0),
      segments: 1,
      droppedRecords: now.dropped,
      writable: true,
      trouble: undefined,
    }),
  });
  watch.start();
  const pass = async (seconds: number, change: () => void): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      change();
      await clock.advance(1_000);
    }
  };
  return { clock, now, pass, watch };
}

test("rates are means of ten seconds, and of less where it has just begun", async () => {
  const { now, pass, watch } = watching();
  expect(watch.rates()).toMatchObject({ windowMs: 0, receivedPerSecond: 0 });
  await pass(4, () => {
    now.received += 20;
  });
  expect(watch.rates()).toMatchObject({ windowMs: 4_000, receivedPerSecond: 20 });
  await pass(30, () => {
    now.received += 50;
  });
  expect(watch.rates()).toMatchObject({ windowMs: 10_000, receivedPerSecond: 50 });
  watch.stop();
});

test("it says when the buffer is full while it fills, and when nothing waits while it drains", async () => {
  const { now, pass, watch } = watching();
  expect(watch.outlook()).toEqual({});
  await pass(60, () => {
    now.lastSeq += 10;
    now.waiting += 10;
  });
  // 60,000 of a million bytes wait, and a thousand a second more.
  expect(watch.outlook()).toEqual({ fullInMs: 940_000 });
  now.isCut = false;
  await pass(10, () => {
    now.waiting -= 30;
    now.sent += 30;
  });
  expect(watch.outlook()).toEqual({ goneInMs: 10_000 });
  watch.stop();
});

test("the way is dropping while it drops, and for a minute after", async () => {
  const { clock, now, pass, watch } = watching();
  const startedMs = clock.wallMs();
  const word = (kind: "offline" | "linked" = "offline") =>
    linkWordOf({ link: { kind }, droppedMs: watch.droppedMs, startedMs }, clock);
  expect(word()).toBe("connecting");
  await pass(5, () => {});
  expect(word()).toBe("buffering");
  now.dropped = 7;
  await pass(1, () => {});
  expect(word()).toBe("dropping");
  expect(word("linked")).toBe("linked");
  await pass(61, () => {});
  expect(word()).toBe("buffering");
  watch.stop();
});

test("a day of samples is bounded, and a short cut is not lost where they are far apart", () => {
  const samples = new FlowSamples();
  const day = 86_400;
  const last = day + 3_600;
  for (let second = 0; second <= last; second += 1)
    samples.add({
      ...{ atMs: second * 1_000, monotonicMs: second * 1_000, received: second, stored: second },
      ...{ sent: second, waiting: 0, isCut: second === 30_017 },
    });
  const found = samples.last(day * 1_000, last * 1_000);
  expect(found.everyMs).toBe(60_000);
  expect(found.samples.length).toBeLessThanOrEqual(1_441);
  expect(found.samples.filter(({ isCut }) => isCut)).toHaveLength(1);
  expect(samples.last(900_000, last * 1_000).everyMs).toBe(1_000);
  expect(samples.last(6 * 3_600_000, last * 1_000).everyMs).toBe(10_000);
});
