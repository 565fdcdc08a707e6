import { expect, it } from "vitest";
import type { Status } from "../../src/core/event.ts";
import { BoxWatch } from "../../src/gateway/box-watch.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { silentMetrics } from "../support/silence.ts";

const gib = 2 ** 30;

function watching() {
  const clock = new ManualClock();
  const said: Status[] = [];
  const now = { freeBytes: 10 * gib, slowestCommitMs: 0, synced: true, steppedMs: 0, sizeBytes: 0 };
  const watch = new BoxWatch({
    clock: {
      monotonicMs: () => clock.monotonicMs(),
      setTimer: (delayMs, run) => clock.setTimer(delayMs, run),
      wallMs: () => clock.wallMs() + now.steppedMs,
    },
    time: {
      get synced() {
        return now.synced;
      },
    },
    log: () => ({ maxBytes: 2 * gib, ...now }),
    freeBytes: async () => {
      if (now.freeBytes < 0) throw new Error("EIO");
      return now.freeBytes;
    },
    minFreeBytes: gib / 16,
    metrics: silentMetrics,
    say: (status) => said.push(status),
  });
  watch.start();
  return { clock, now, said, watch };
}

const causesOf = (said: readonly Status[]): string[] => said.map(({ cause }) => cause);

it("says once that room on the volume runs out before it is full, and once that there is some", async () => {
  const { clock, now, said, watch } = watching();
  for (const part of [1, 0.3, 0.12, 0.09, 0.02, 0.12, 0.14, 0.2, 0.12]) {
    now.freeBytes = gib / 16 + part * 2 * gib;
    await clock.advance(5_000);
  }
  expect(said).toMatchObject([
    { state: "online", cause: "space-low", text: expect.stringContaining("free") },
    { state: "online", cause: "space-eased" },
  ]);
  expect(watch.state.isSpaceLow).toBe(false);
  watch.stop();
});

it("takes a small volume for enough where the buffer has grown already, and silence for no answer", async () => {
  const { clock, now, said, watch } = watching();
  now.sizeBytes = 2 * gib - 1_000;
  now.freeBytes = gib / 16 + 2_000;
  await clock.advance(5_000);
  now.freeBytes = -1;
  await clock.advance(5_000);
  expect(said).toEqual([]);
  expect(watch.state.freeBytes).toBeUndefined();
  watch.stop();
});

it("takes a clock that is set forward once soon after the start for one without a battery", async () => {
  const { clock, now, said, watch } = watching();
  await clock.advance(60_000);
  now.steppedMs = 45_000;
  await clock.advance(10_000);
  now.steppedMs = 90_000;
  await clock.advance(10_000);
  expect(causesOf(said)).toEqual(["clock-set", "clock-stepped"]);
  expect(watch.state.clockSteps).toBe(2);
  watch.stop();

  const later = watching();
  await later.clock.advance(11 * 60_000);
  later.now.steppedMs = 45_000;
  await later.clock.advance(10_000);
  expect(causesOf(later.said)).toEqual(["clock-stepped"]);
  later.watch.stop();
});

it("says that there is room again only where the volume tells it", async () => {
  const { clock, now, said, watch } = watching();
  now.freeBytes = gib / 16;
  await clock.advance(5_000);
  now.freeBytes = -1;
  await clock.advance(5_000);
  expect(causesOf(said)).toEqual(["space-low"]);
  expect(watch.state).toMatchObject({ isSpaceLow: true, freeBytes: undefined });
  now.freeBytes = 10 * gib;
  await clock.advance(5_000);
  expect(causesOf(said)).toEqual(["space-low", "space-eased"]);
  watch.stop();
});

it("says each time that the clock was set, and by how much", async () => {
  const { clock, now, said, watch } = watching();
  await clock.advance(20_000);
  now.steppedMs = -3_600_000;
  await clock.advance(10_000);
  now.steppedMs = 1_000;
  await clock.advance(10_000);
  now.steppedMs = 2_500;
  await clock.advance(10_000);
  expect(said.map(({ text }) => text)).toEqual([
    "the clock was set by -1h",
    expect.stringMatching(/^the clock was set by \+1h/),
  ]);
  expect(watch.state).toMatchObject({ clockSteps: 2, lastStep: { ms: 3_601_000 } });
  watch.stop();
});

it("says that the disk is slow while commits hold devices back, and that the clock is not set", async () => {
  const { clock, now, said, watch } = watching();
  now.slowestCommitMs = 3_200;
  now.synced = false;
  await clock.advance(5_000);
  expect(watch.state).toMatchObject({ isDiskSlow: true, isClockSet: false });
  now.slowestCommitMs = 20;
  now.synced = true;
  await clock.advance(5_000);
  expect(causesOf(said)).toEqual(["disk-slow", "disk-eased"]);
  expect(watch.state).toMatchObject({ isDiskSlow: false, isClockSet: true });
  watch.stop();
  await clock.advance(60_000);
  expect(said).toHaveLength(2);
});
