/** What is stored while the backbone is away, the start with it, and how fast it leaves. */

import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { freePort } from "../../src/demo/free-port.ts";
import type { GatewayProgram } from "../support/gateway-program.ts";
import { countStored, formatVerdict } from "./count-stored.ts";
import { type FigureGroup, formatCount, formatMegabytes, formatMs, formatRate } from "./figures.ts";
import { readProcess } from "./process-facts.ts";
import type { LoadAnswer } from "./programs/reports.ts";
import type { Workshop } from "./workshop.ts";

export interface Backlog {
  readonly group: FigureGroup;
  readonly drainedPerSecond: number;
}

const lookEveryMs = 50;

/** How many events per second come in while the second backlog leaves, and for how long. */
const inflowPerSecond = 2_000;
const inflowSeconds = 3;

/**
 * Buffers `events`, kills the gateway, starts it again, and lets the backbone come back; then half
 * as many once more, with devices that go on sending meanwhile.
 */
export async function measureBacklog(workshop: Workshop, events: number): Promise<Backlog> {
  const port = await freePort();
  const gateway = await workshop.gateway({ natsUrl: `nats://127.0.0.1:${port}` });
  const load = (name: string, total: number, ratePerSecond?: number): Promise<LoadAnswer> =>
    workshop.load({
      name,
      url: gateway.mqttUrl,
      connections: 10,
      window: 100,
      payloadBytes: 256,
      total,
      ...(ratePerSecond !== undefined && { ratePerSecond }),
    });
  await gateway.start();
  const before = readProcess(gateway.pid);
  const first = await load("first", events);
  const full = readProcess(gateway.pid);
  const { buffer } = await gateway.status();
  await gateway.kill();

  const startedMs = performance.now();
  await gateway.start();
  const startMs = performance.now() - startedMs;
  const again = readProcess(gateway.pid);

  const folder = await workshop.place();
  const nats = await workshop.nats({ folder, port });
  const drain = await watchDrain(gateway);
  const after = readProcess(gateway.pid);
  await gateway.drained();
  await nats.kill();

  const second = await load("second", events / 2);
  const natsAgain = await workshop.nats({ folder, port });
  const inflow = load("inflow", inflowPerSecond * inflowSeconds, inflowPerSecond);
  const drainMeanwhile = await watchDrain(gateway);
  const meanwhile = await inflow;
  await gateway.drained();
  const calm = await load("calm", inflowPerSecond * inflowSeconds, inflowPerSecond);
  await gateway.drained();
  const verdict = await countStored(natsAgain.url, [first, second, meanwhile, calm]);
  await gateway.stop();
  await natsAgain.kill();

  const group: FigureGroup = {
    title: `A backlog of ${formatCount(events)} events (${formatMegabytes(buffer.sizeBytes)} on disk)`,
    figures: [
      {
        what: "acknowledged to devices while the backbone is away",
        measured: formatRate(first.report.ackedPerSecond),
      },
      {
        what: "start of the gateway after SIGKILL, until it answers",
        measured: formatMs(startMs),
        goal: "3,000 ms at 10 GB",
      },
      {
        what: "drain, from the first publish until caught up",
        measured: formatRate(drain.perSecond),
        goal: "80,000",
      },
      {
        what: `drain of half of it while ${formatCount(inflowPerSecond)} events/s come in`,
        measured: formatRate(drainMeanwhile.perSecond),
      },
      {
        what: "99 of 100 PUBACKs of these within",
        measured: formatMs(meanwhile.report.latency.p99Ms),
      },
      {
        what: "the same behind the drain",
        measured: formatMs(calm.report.latency.p99Ms),
        goal: "half of it",
      },
      { what: "memory before (RSS)", measured: formatMegabytes(before.rssBytes), goal: "90 MB" },
      {
        what: "memory with the backlog stored (RSS)",
        measured: formatMegabytes(full.rssBytes),
        goal: "180 MB",
      },
      {
        what: "memory after the start with the backlog (RSS)",
        measured: formatMegabytes(again.rssBytes),
        goal: "90 MB",
      },
      {
        what: "highest memory while draining (RSS)",
        measured: formatMegabytes(after.peakRssBytes),
        goal: "180 MB",
      },
      {
        what: "acknowledged events that the stream has, once and in order",
        measured: formatVerdict(verdict),
      },
    ],
  };
  return { group, drainedPerSecond: drain.perSecond };
}

/** The gateway itself says when it began to publish and when it had caught up. */
export async function watchDrain(gateway: GatewayProgram): Promise<{ readonly perSecond: number }> {
  let beganMs: number | undefined;
  const sentBefore = (await gateway.status()).link.sent;
  for (;;) {
    const { link } = await gateway.status();
    if (link.kind === "draining") beganMs ??= link.since;
    if (link.kind === "linked") {
      const tookMs = link.since - (beganMs ?? link.since);
      return { perSecond: ((link.sent - sentBefore) * 1_000) / Math.max(1, tookMs) };
    }
    await sleep(systemClock, lookEveryMs);
  }
}
