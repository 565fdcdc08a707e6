/** When a line is opened again, in the time of the test. */
import { expect, it } from "vitest";
import { toSeq } from "../../../src/core/ids.ts";
import { KeptLine } from "../../../src/sources/lines/kept-line.ts";
import { LineReport } from "../../../src/sources/lines/line-report.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { silentLogger, silentMetrics } from "../../support/silence.ts";

it.each([
  [true, 20],
  [false, 7],
])(
  "a line that is given up every second, of use until then: %j, is opened %i times in 29 s",
  async (wasOfUse, times) => {
    const clock = new ManualClock();
    let opened = 0;
    const line: KeptLine = new KeptLine({
      ...{ clock, longestRetryMs: 15_000 },
      open: async () => ({
        path: "line",
        pause() {},
        resume() {},
        write: async () => {},
        close: async () => {},
      }),
      user: {
        opened() {
          opened += 1;
          clock.setTimer(1_000, () => line.restart("nothing goes through it", wasOfUse));
        },
        data() {},
        lost() {},
      },
      report: new LineReport({
        ...{ clock, source: "line", path: "line" },
        nowMs: () => clock.wallMs(),
        logger: silentLogger,
        metrics: silentMetrics,
        sink: { connection: () => toSeq(0) },
      }),
    });
    line.start();
    for (let ms = 0; ms < 29_000; ms += 100) await clock.advance(100);
    expect(opened).toBe(times);
    await line.stop();
  },
);
