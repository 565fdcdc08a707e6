import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { toSeq } from "../../src/core/ids.ts";
import type { SourceSurroundings } from "../../src/sources/source-kind.ts";
import { silentLogger, silentMetrics } from "./silence.ts";
import { SimDisk } from "./sim-disk.ts";

/** What a source is opened with in a gateway whose log is always empty; ends when the test does. */
export function sourceSurroundings(
  parts: Pick<SourceSurroundings, "sink"> & Partial<SourceSurroundings>,
): SourceSurroundings {
  const steps: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const step of steps.reverse()) await step();
  });
  return {
    nowMs: () => systemClock.wallMs(),
    clock: systemClock,
    logger: silentLogger,
    metrics: silentMetrics,
    folder: "/data",
    disk: new SimDisk({ random: Math.random }),
    log: {
      durableSeq: toSeq(0),
      lastSeq: toSeq(0),
      onDurable: () => () => {},
      openReader: async () => ({ next: async () => [], close: async () => {} }),
    },
    atEnd: (step) => steps.push(step),
    ...parts,
  };
}
