import { describe, expect, test } from "vitest";
import { createTapHub } from "../../src/telemetry/tap-hub.ts";
import {
  maxLinesPerSecond,
  openTapStream,
  type TapLine,
  type TapRequest,
} from "../../src/telemetry/tap-stream.ts";
import { ManualClock } from "../support/manual-clock.ts";

function tap(request: TapRequest) {
  const taps = createTapHub();
  const clock = new ManualClock();
  const lines: TapLine[] = [];
  const state = { keepsUp: true, ended: false };
  const output = {
    write(line: TapLine) {
      lines.push(line);
      return state.keepsUp;
    },
    end() {
      state.ended = true;
    },
  };
  const stream = openTapStream(taps, request, output, clock);
  const offer = (count: number): void => {
    for (let at = 0; at < count; at += 1) taps.offer("normalized", "freezer-07", { at });
  };
  return { taps, clock, lines, state, stream, offer };
}

describe("createTapHub", () => {
  test("is wanted only while somebody listens to that stage", () => {
    const { taps, stream } = tap({ stage: "normalized" });
    expect(taps.wanted("normalized")).toBe(true);
    expect(taps.wanted("received")).toBe(false);
    stream.stop();
    expect(taps.wanted("normalized")).toBe(false);
  });
});

describe("openTapStream", () => {
  test("shows at most so many lines a second and says each second what it dropped", async () => {
    const { clock, lines, offer } = tap({ stage: "normalized" });
    offer(maxLinesPerSecond + 150);
    expect(lines).toHaveLength(maxLinesPerSecond);
    await clock.advance(1_000);
    expect(lines.at(-1)).toEqual({ kind: "dropped", count: 150 });
    offer(3);
    await clock.advance(1_000);
    expect(lines).toHaveLength(maxLinesPerSecond + 1 + 3);
  });

  test("drops and counts while its reader is behind", async () => {
    const { clock, lines, offer, state, stream } = tap({ stage: "normalized" });
    state.keepsUp = false;
    offer(10);
    await clock.advance(5_000);
    expect(lines).toHaveLength(1);
    state.keepsUp = true;
    stream.drained();
    await clock.advance(1_000);
    expect(lines.slice(1)).toEqual([{ kind: "dropped", count: 9 }]);
  });

  test("ends after its limit with the totals, and listens no longer", () => {
    const { lines, offer, state, stream, taps } = tap({ stage: "normalized", limit: 2 });
    offer(5);
    stream.finish();
    expect(lines).toEqual([
      { kind: "event", stage: "normalized", device: "freezer-07", facts: { at: 0 } },
      { kind: "event", stage: "normalized", device: "freezer-07", facts: { at: 1 } },
      { kind: "end", shown: 2, dropped: 0 },
    ]);
    expect(state.ended).toBe(true);
    expect(taps.wanted("normalized")).toBe(false);
  });

  test("shows only devices that the pattern names", () => {
    const { lines, taps } = tap({ stage: "normalized", device: "freezer-?.*" });
    for (const device of ["freezer-1.a", "freezer-1xa", "freezer-12.a", "motor-1.a", null]) {
      taps.offer("normalized", device, {});
    }
    expect(lines).toMatchObject([{ device: "freezer-1.a" }]);
  });

  test("counts devices that the pattern does not name neither as shown nor as dropped", () => {
    const { lines, offer, stream } = tap({ stage: "normalized", device: "motor-*" });
    offer(1_000);
    stream.finish();
    expect(lines).toEqual([{ kind: "end", shown: 0, dropped: 0 }]);
  });
});
