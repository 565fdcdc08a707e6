import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { noAudit } from "../../src/core/audit.ts";
import { toGatewayId, toSeq, toSiteId } from "../../src/core/ids.ts";
import type { Durability } from "../../src/core/log-writer.ts";
import type { MessageSink } from "../../src/core/message.ts";
import type { SourceSurroundings } from "../../src/sources/source-kind.ts";
import { silentLogger, silentMetrics } from "./silence.ts";
import { SimDisk } from "./sim-disk.ts";

/**
 * What a source is opened with in a gateway whose log is always empty, and durable when the sink says
 * so; ends when the test does.
 */
export function sourceSurroundings(
  parts: Partial<SourceSurroundings> & { readonly sink: MessageSink & Durability },
): SourceSurroundings {
  const steps: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const step of steps.reverse()) await step();
  });
  return {
    nowMs: () => systemClock.wallMs(),
    audit: noAudit,
    clock: systemClock,
    random: Math.random,
    origin: { site: toSiteId("s"), gateway: toGatewayId("gw") },
    logger: silentLogger,
    metrics: silentMetrics,
    folder: "/data",
    readSecret: async (reference) => ({
      reveal: () => Object.values(reference).join(""),
    }),
    pollPlan: () => undefined,
    clientOf: () => undefined,
    disk: new SimDisk({ random: Math.random }),
    log: {
      durableSeq: toSeq(0),
      lastSeq: toSeq(0),
      onDurable: (listener) => parts.sink.onDurable(listener),
      openReader: async () => ({ next: async () => [], close: async () => {} }),
    },
    atEnd: (step) => steps.push(step),
    ...parts,
  };
}
