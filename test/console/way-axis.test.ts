import { describe, expect, it } from "vitest";
import type { Hop } from "../../src/api/shapes/way.ts";
import { wayAxis } from "../../src/console/screens/way/way-axis.ts";
import { clockWords, hopBefore } from "../../src/console/screens/way/way-words.ts";

function hop(name: Hop["hop"], atMs: number | null, changed: Partial<Hop> = {}): Hop {
  return {
    ...{ hop: name, state: atMs === null ? "unknown" : "reached", atMs, tookMs: null },
    ...{ clock: "gateway gw1", where: "", text: "", path: null },
    ...changed,
  };
}

const ms = (value: number): string => `${value} ms`;

describe("the axis of a way", () => {
  it("each hop has its part of the time, and the longest is known", () => {
    const axis = wayAxis([
      hop("device", 1_000),
      hop("received", 1_010, { tookMs: 10 }),
      hop("forwarded", 1_040, { tookMs: 30 }),
      hop("durable", 1_100, { tookMs: 60 }),
      hop("stored", null),
    ]);
    expect(axis).toMatchObject({ fromMs: 1_000, toMs: 1_100, longest: 3 });
    expect(axis?.bars[1]).toEqual({
      start: 0,
      end: 0.1,
      isBackwards: false,
      isShortened: false,
      share: 0.1,
    });
    expect(axis?.bars[4]).toBeNull();
  });

  it("a clock behind another makes a bar that says so, inside the axis", () => {
    const axis = wayAxis([hop("device", 5_000), hop("received", 4_000, { tookMs: -1_000 })]);
    expect(axis?.bars[1]).toEqual({
      start: 0,
      end: 1,
      isBackwards: true,
      isShortened: false,
      share: null,
    });
    expect(axis).toMatchObject({ fromMs: 4_000, toMs: 5_000, longest: null });
  });

  it("hops at one moment divide nothing by nothing", () => {
    const axis = wayAxis([hop("device", 7), hop("received", 7, { tookMs: 0 })]);
    expect(axis?.bars[1]).toEqual({
      start: 0,
      end: 0,
      isBackwards: false,
      isShortened: false,
      share: null,
    });
  });

  it("an hour of waiting is drawn shorter, so that the milliseconds beside it can be seen", () => {
    const hour = 3_600_000;
    const axis = wayAxis([
      hop("device", 0),
      hop("received", 100, { tookMs: 100 }),
      hop("forwarded", 100 + hour, { tookMs: hour }),
      hop("stored", 200 + hour, { tookMs: 100 }),
    ]);
    const [, received, forwarded, stored] = axis?.bars ?? [];
    expect(received?.end).toBeCloseTo(0.3);
    expect(forwarded).toMatchObject({ isShortened: true });
    expect(forwarded?.end).toBeCloseTo(0.7);
    expect(forwarded?.share).toBeGreaterThan(0.99);
    expect(stored?.end).toBeCloseTo(1);
  });

  it("a wait that is all there is fills the width", () => {
    const axis = wayAxis([hop("device", 0), hop("received", 500, { tookMs: 500 })]);
    expect(axis?.bars[1]).toMatchObject({ start: 0, end: 1, isShortened: false });
  });

  it("there is none where no time is known", () => {
    expect(wayAxis([hop("device", null)])).toBeUndefined();
    expect(wayAxis([])).toBeUndefined();
  });
});

describe("clocks that disagree", () => {
  it("are named both, and nothing is said where time went forward", () => {
    const hops = [
      hop("device", 5_000, { clock: "device" }),
      hop("received", null),
      hop("durable", 4_000, { tookMs: -1_000 }),
    ];
    const words = clockWords(hop("durable", 4_000, { tookMs: -1_000 }), hopBefore(hops, 2), ms);
    expect(words).toContain("gateway gw1 says 1000 ms before the clock of device");
    expect(
      clockWords(hop("durable", 4_000, { tookMs: 3 }), hopBefore(hops, 2), ms),
    ).toBeUndefined();
  });

  it("are those of the hop that a duration counts from, where ways part", () => {
    const hops = [
      hop("stored", 1_000, { clock: "nats-server" }),
      hop("alert", 1_050, { clock: "processor", tookMs: 50 }),
      hop("alert", 940, { clock: "processor", tookMs: -60 }),
    ];
    expect(hopBefore(hops, 2)?.clock).toBe("nats-server");
  });

  it("of one clock it was set back", () => {
    expect(clockWords(hop("durable", 1, { tookMs: -5 }), hop("received", 6), ms)).toContain(
      "set back",
    );
  });
});
