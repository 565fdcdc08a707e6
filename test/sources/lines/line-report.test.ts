import { describe, expect, it } from "vitest";
import { LineReport } from "../../../src/sources/lines/line-report.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { RecordingSink } from "../../support/mqtt-broker.ts";
import { silentLogger, silentMetrics } from "../../support/silence.ts";

function reported() {
  const clock = new ManualClock();
  const sink = new RecordingSink();
  const warnings: string[] = [];
  const report = new LineReport({
    source: "serial s",
    path: "/dev/ttyUSB0",
    ...{ clock, sink, metrics: silentMetrics },
    nowMs: () => clock.wallMs(),
    logger: { ...silentLogger, warn: (words) => warnings.push(words) },
  });
  return { clock, report, warnings, states: () => sink.changes.map(({ state }) => state) };
}

describe("how a line is", () => {
  it("is told once as long as it cannot be opened for one reason", () => {
    const { report, states, warnings } = reported();
    for (let tries = 0; tries < 5; tries += 1) report.failed("it is not there");
    expect(warnings.length).toBe(1);
    for (let tries = 0; tries < 5; tries += 1) report.failed("no permission");
    expect(states()).toEqual(["offline"]);
    expect(warnings.length).toBe(2);
    expect(report.state).toMatchObject({ isConnected: false, reason: "no permission" });
  });

  it("is not told of the moment in which a port is there and may not be opened yet", () => {
    const { report, warnings } = reported();
    report.opened();
    report.lost("it was unplugged");
    for (const reason of ["it is not there", "it is not there", "no permission"])
      report.failed(reason);
    report.opened();
    expect(warnings.length).toBe(2);
  });

  it("is told no more where it comes and goes every second, until it stays", async () => {
    const { clock, report, states, warnings } = reported();
    for (let lives = 0; lives < 100; lives += 1) {
      report.opened();
      await clock.advance(1_000);
      report.lost("it closed the connection");
    }
    expect(states().length).toBe(8);
    expect(warnings.length).toBe(4);
    report.opened();
    await clock.advance(9_000);
    expect(states().at(-1)).toBe("offline");
    await clock.advance(1_000);
    expect(states().at(-1)).toBe("online");
  });
});
