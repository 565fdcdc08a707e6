import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/core/clock.ts";
import type { Watermark } from "../../src/core/event.ts";
import { GatewayTime } from "../../src/core/gateway-time.ts";
import { toSeq } from "../../src/core/ids.ts";
import { type WatermarkDependencies, Watermarks } from "../../src/gateway/watermarks.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { silentLogger } from "../support/silence.ts";

const startMs = Date.UTC(2026, 10, 21, 14);

function watermarks(overrides: Partial<WatermarkDependencies> = {}) {
  const clock = new ManualClock(startMs);
  const written: Watermark[] = [];
  const writer = new Watermarks({
    clock,
    time: new GatewayTime(clock, 0),
    logger: silentLogger,
    everyMs: 1_000,
    catchUpMs: 0,
    lastMs: undefined,
    holding: () => false,
    append: (watermark) => toSeq(written.push(watermark)),
    durableSeq: () => toSeq(written.length),
    ...overrides,
  });
  return { clock, written, writer };
}

/** A clock whose timers come half a millisecond before their time. */
function earlyClock(clock: ManualClock): Clock {
  return {
    wallMs: () => clock.wallMs(),
    monotonicMs: () => clock.monotonicMs(),
    setTimer: (delayMs, run) => clock.setTimer(delayMs - 0.5, run),
  };
}

describe("Watermarks", () => {
  it("promises every second while events arrive, every five seconds while none do", async () => {
    const { clock, written, writer } = watermarks();
    writer.start();
    for (let second = 0; second < 3; second += 1) {
      writer.counted();
      await clock.advance(1_000);
    }
    await clock.advance(10_000);
    expect(written.map(({ t }) => (t - startMs) / 1_000)).toEqual([0, 1, 2, 3, 8, 13]);
  });

  it("waits no second time for a timer that comes a little early", async () => {
    const clock = new ManualClock(startMs);
    const { written, writer } = watermarks({
      clock: earlyClock(clock),
      time: new GatewayTime(clock, 0),
    });
    writer.start();
    for (let second = 0; second < 5; second += 1) {
      writer.counted();
      await clock.advance(1_000);
    }
    expect(written).toHaveLength(6);
  });

  it("promises behind every 5,000 events, however fast they come", () => {
    const { written, writer } = watermarks();
    writer.start();
    for (let event = 0; event < 12_000; event += 1) writer.counted();
    expect(written).toHaveLength(3);
  });

  it("repeats its last promise while devices catch up after a start", async () => {
    const lastMs = startMs - 60_000;
    const { clock, written, writer } = watermarks({ lastMs, catchUpMs: 10_000 });
    writer.start();
    await clock.advance(9_000);
    expect(new Set(written.map(({ t }) => t))).toEqual(new Set([lastMs]));
    await clock.advance(5_000);
    expect(written.at(-1)?.t).toBeGreaterThan(startMs);
  });

  it("repeats its last promise while clients are held back", async () => {
    let held = false;
    const { clock, written, writer } = watermarks({ holding: () => held });
    writer.start();
    held = true;
    await clock.advance(20_000);
    expect(written.at(-1)?.t).toBe(startMs);
    held = false;
    await clock.advance(5_000);
    expect(written.at(-1)?.t).toBeGreaterThan(startMs + 20_000);
  });

  it("says reset when the wall clock was stepped, also backwards", async () => {
    const { clock, written, writer } = watermarks();
    writer.start();
    clock.step(-3_600_000);
    await clock.advance(1_000);
    expect(written.at(-1)).toMatchObject({ t: startMs + 1_000 - 3_600_000, reset: true });
    await clock.advance(5_000);
    expect(written.at(-1)?.t).toBe(startMs + 6_000 - 3_600_000);
    expect(written.at(-1)?.reset).toBeUndefined();
  });

  it("promises nothing while the box does not know the time, and says that it is there", async () => {
    const clock = new ManualClock(0);
    let said = 0;
    const { written, writer } = watermarks({
      clock,
      time: new GatewayTime(clock, startMs),
      sayAlive: () => (said += 1),
    });
    writer.start();
    await clock.advance(60_000);
    expect(written).toEqual([]);
    expect(said).toBe(13);
    clock.step(startMs);
    await clock.advance(2_000);
    expect(written[0]).toMatchObject({ reset: true });
  });

  it("waits with the next until the last is on disk, but never with a reset", async () => {
    const pending: Watermark[] = [];
    const { clock, writer } = watermarks({
      append: (watermark) => toSeq(pending.push(watermark)),
      durableSeq: () => toSeq(0),
    });
    writer.start();
    await clock.advance(20_000);
    expect(pending).toHaveLength(1);
    clock.step(3_600_000);
    await clock.advance(1_000);
    expect(pending.map(({ reset }) => reset)).toEqual([undefined, true]);
    writer.stop();
  });

  const heardS = (written: readonly Watermark[]): number =>
    Math.round((written.at(-1)?.heardMs ?? 0) / 1_000);

  it("counts how long it listened: not while devices catch up, nor while clients are held", async () => {
    let held = false;
    const { clock, written, writer } = watermarks({ catchUpMs: 10_000, holding: () => held });
    writer.start();
    await clock.advance(31_000);
    expect(heardS(written)).toBe(20);
    held = true;
    await clock.advance(600_000);
    held = false;
    await clock.advance(10_000);
    // The second in which it ended is not counted.
    expect(heardS(written)).toBe(29);
  });

  it("counts no time in which the process stood still", async () => {
    const { clock, written, writer } = watermarks();
    writer.start();
    await clock.advance(20_000);
    clock.stall(1_800_000);
    await clock.advance(10_000);
    expect(heardS(written)).toBe(30);
    expect(written.at(-1)?.t).toBeGreaterThan(startMs + 1_800_000);
  });

  it("counts no time in which the disk takes nothing", async () => {
    const written: Watermark[] = [];
    let stuck = false;
    let durableSeq = toSeq(0);
    const { clock, writer } = watermarks({
      append: (watermark) => toSeq(written.push(watermark)),
      durableSeq() {
        if (!stuck) durableSeq = toSeq(written.length);
        return durableSeq;
      },
    });
    writer.start();
    await clock.advance(20_000);
    stuck = true;
    await clock.advance(1_800_000);
    stuck = false;
    await clock.advance(20_000);
    // What passed until it could be known that the disk is stuck was counted.
    expect(heardS(written)).toBeGreaterThan(35);
    expect(heardS(written)).toBeLessThan(50);
  });

  describe("with a wall clock behind the log", () => {
    const behind = (overrides: Partial<WatermarkDependencies>) => {
      const clock = new ManualClock(startMs);
      const lastMs = startMs + 400 * 86_400_000;
      const time = new GatewayTime(clock, startMs - 86_400_000, lastMs);
      return { ...watermarks({ clock, time, lastMs, ...overrides }), clock, time };
    };

    it("begins anew at once where the machine knew the time before: somebody set it back", async () => {
      const { clock, time, written, writer } = behind({ believeAfterMs: 0 });
      writer.start();
      expect(written).toEqual([{ t: startMs, reset: true, heardMs: 0 }]);
      expect(time.synced).toBe(true);
      await clock.advance(20_000);
      expect(written.at(-1)?.t).toBe(startMs + 20_000);
    });

    it("waits for the time to be set otherwise, and believes the clock in the end", async () => {
      const { clock, written, writer } = behind({});
      writer.start();
      await clock.advance(9 * 60_000);
      expect(written).toEqual([]);
      await clock.advance(2 * 60_000);
      expect(written[0]).toMatchObject({ t: startMs + 10 * 60_000, reset: true });
    });

    it("never believes a clock that was certainly not set", async () => {
      const clock = new ManualClock(0);
      const time = new GatewayTime(clock, startMs, startMs);
      const { written, writer } = watermarks({ clock, time, lastMs: startMs, believeAfterMs: 0 });
      writer.start();
      await clock.advance(20 * 60_000);
      expect(written).toEqual([]);
    });
  });
});
