/** The line between two requests, in the time of the test. */
import { describe, expect, it } from "vitest";
import { toSeq } from "../../../src/core/ids.ts";
import type { LineEar } from "../../../src/sources/lines/byte-line.ts";
import { KeptLine } from "../../../src/sources/lines/kept-line.ts";
import { LineReport } from "../../../src/sources/lines/line-report.ts";
import { LineChannel } from "../../../src/sources/modbus/line-channel.ts";
import { linePace } from "../../../src/sources/modbus/line-pace.ts";
import { readRequest } from "../../../src/sources/modbus/request.ts";
import { rtuFrames } from "../../../src/sources/modbus/rtu-frames.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { silentLogger, silentMetrics } from "../../support/silence.ts";
import { withCrc } from "./played-bus.ts";

const pace = linePace({ baud: 9_600, data_bits: 8, parity: "none", stop_bits: 1 });

async function givenLine(warmUpMs = 0) {
  const clock = new ManualClock();
  const sent: { readonly unit: number; readonly ms: number }[] = [];
  let hear: LineEar["data"] = () => {};
  const channel = new LineChannel({
    ...{ clock, frames: rtuFrames, pace, warmUpMs, pauseMs: 0 },
    ear: { changed() {}, late() {}, otherMaster() {}, unsolicited() {} },
    keep: (user) =>
      new KeptLine({
        ...{ clock, user },
        open: async (ear) => {
          hear = ear.data;
          return {
            path: "line",
            pause() {},
            resume() {},
            close: async () => {},
            write: async ([unit = 0]) => void sent.push({ unit, ms: clock.monotonicMs() }),
          };
        },
        report: new LineReport({
          ...{ clock, source: "line", path: "line" },
          nowMs: () => clock.wallMs(),
          logger: silentLogger,
          metrics: silentMetrics,
          sink: { connection: () => toSeq(0) },
        }),
      }),
  });
  channel.start();
  await clock.advance(0);
  return { channel, clock, sent, say: (bytes: Uint8Array) => hear(bytes) };
}

const block = { table: "holding", at: 0, count: 40 } as const;

describe("a line on which an answer comes too late", () => {
  it("is left to it until it has ended", async () => {
    const { channel, clock, say, sent } = await givenLine();
    const late = withCrc(Uint8Array.of(3, 3, 80, ...new Array<number>(80).fill(0)));
    const first = channel.exchange(readRequest(3, block), 100);
    await clock.advance(100 + 101 * pace.byteMs - 1);
    say(late.subarray(0, 10));
    await clock.advance(2);
    await first;
    void channel.exchange(readRequest(4, block), 100);
    for (let at = 10; at < late.length; at += 3) {
      say(late.subarray(at, at + 3));
      await clock.advance(3 * pace.byteMs);
    }
    expect(sent.map(({ unit }) => unit)).toEqual([3]);
    await clock.advance(pace.silenceMs + 1);
    expect(sent.map(({ unit }) => unit)).toEqual([3, 4]);
  });

  it("is not waited for for ever where something on it never ends", async () => {
    const { channel, clock, say, sent } = await givenLine();
    say(Uint8Array.of(0));
    void channel.exchange(readRequest(4, block), 100);
    for (let ms = 0; ms < 1_000; ms += 2) {
      say(Uint8Array.of(0));
      await clock.advance(2);
    }
    expect(sent).toHaveLength(1);
  });
});

it("a line that has to warm up hears nothing before", async () => {
  const { channel, clock, sent } = await givenLine(2_000);
  void channel.exchange(readRequest(4, block), 100);
  await clock.advance(1_900);
  expect(sent).toEqual([]);
  await clock.advance(200);
  expect(sent).toHaveLength(1);
});
