/** How long a device waits for its PUBACK at a steady rate, and what the gateway takes for it. */
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import {
  type Figure,
  type FigureGroup,
  formatCount,
  formatMegabytes,
  formatMs,
  formatProcessors,
} from "./figures.ts";
import { readProcess } from "./process-facts.ts";
import type { DiskAnswer, LogArguments } from "./programs/reports.ts";
import type { Workshop } from "./workshop.ts";

const idleMs = 3_000;
const syncs = 1_000;
const steps = [
  { perSecond: 1_000, goal: "10 ms" },
  { perSecond: 5_000, goal: "25 ms" },
];

/** Each rate for so many seconds, with a backbone that takes everything. */
export async function measureLatency(workshop: Workshop, seconds: number): Promise<FigureGroup> {
  const options: LogArguments = { folder: await workshop.place(), count: syncs, encrypted: false };
  const disk = await workshop.result<DiskAnswer>("disk-alone", options);
  const nats = await workshop.nats();
  const gateway = await workshop.gateway({ natsUrl: nats.url });
  await gateway.start();
  await gateway.drained();
  await sleep(systemClock, idleMs);
  const idle = readProcess(gateway.pid);
  const figures: Figure[] = [
    { what: "the disk alone: half of write and fdatasync within", measured: formatMs(disk.p50Ms) },
    { what: "the disk alone: 99 of 100 within", measured: formatMs(disk.p99Ms) },
    { what: "idle: memory (RSS)", measured: formatMegabytes(idle.rssBytes), goal: "90 MB" },
  ];
  for (const { goal, perSecond } of steps) {
    const before = readProcess(gateway.pid);
    const { report } = await workshop.load({
      name: `at-${perSecond}`,
      url: gateway.mqttUrl,
      connections: 50,
      window: 20,
      payloadBytes: 256,
      total: perSecond * seconds,
      ratePerSecond: perSecond,
    });
    const after = readProcess(gateway.pid);
    const at = `${formatCount(perSecond)} events/s`;
    figures.push(
      { what: `${at}: half of the PUBACKs within`, measured: formatMs(report.latency.p50Ms) },
      { what: `${at}: 99 of 100 PUBACKs within`, measured: formatMs(report.latency.p99Ms), goal },
      {
        what: `${at}: busy`,
        measured: formatProcessors(after.cpuMs - before.cpuMs, report.elapsedMs),
      },
      {
        what: `${at}: highest memory (RSS)`,
        measured: formatMegabytes(after.peakRssBytes),
        ...(perSecond === 5_000 && { goal: "180 MB" }),
      },
    );
  }
  await gateway.stop();
  await nats.kill();
  return { title: "A steady flow: 50 devices, 256 B, backbone linked", figures };
}
