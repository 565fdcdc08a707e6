/** How long a device waits for its PUBACK at a steady rate, and what the gateway takes for it. */
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { LoadReport } from "../../src/simulate/load-generator.ts";
import {
  type Figure,
  type FigureGroup,
  formatCount,
  formatMegabytes,
  formatMs,
  formatProcessors,
} from "./figures.ts";
import { readProcess } from "./process-facts.ts";
import type { DiskAnswer, DiskArguments } from "./programs/reports.ts";
import type { Workshop } from "./workshop.ts";

/** What a start leaves behind is collected some seconds later. */
const idleMs = 15_000;
/** A process that is new compiles what it runs often, and makes the profiles that it is asked for. */
const warmUpSeconds = 8;
const syncs = 1_000;
const coldPerSecond = 1_000;
const steps = [
  { perSecond: 1_000, goal: "10 ms" },
  { perSecond: 5_000, goal: "25 ms" },
];

export interface Latency {
  readonly group: FigureGroup;
  /** At the first rate, with the disk alone at that rate. */
  readonly pubackP50Ms: number;
  readonly diskP50Ms: number;
}

/** Each rate for so many seconds, with a backbone that takes everything. */
export async function measureLatency(workshop: Workshop, seconds: number): Promise<Latency> {
  const diskAlone = async (count: number, ratePerSecond?: number): Promise<DiskAnswer> => {
    const options: DiskArguments = {
      ...{ count, folder: await workshop.place() },
      ...(ratePerSecond !== undefined && { ratePerSecond }),
    };
    return workshop.result<DiskAnswer>("disk-alone", options);
  };
  const disk = await diskAlone(syncs);
  const nats = await workshop.nats();
  const gateway = await workshop.gateway({ natsUrl: nats.url });
  await gateway.start();
  await gateway.drained();
  await sleep(systemClock, idleMs);
  const idle = readProcess(gateway.pid);
  const figures: Figure[] = [
    { what: "the disk alone: half of write and fdatasync within", measured: formatMs(disk.p50Ms) },
    { what: "the disk alone: 99 of 100 within", measured: formatMs(disk.p99Ms) },
    { what: "idle: memory (RSS)", measured: formatMegabytes(idle.rssBytes), goal: "70 MB" },
  ];
  const load = async (name: string, perSecond: number, forSeconds: number): Promise<LoadReport> => {
    const { report } = await workshop.load({
      ...{ name, url: gateway.mqttUrl, connections: 50, window: 20, payloadBytes: 256 },
      ...{ total: perSecond * forSeconds, ratePerSecond: perSecond },
    });
    return report;
  };
  const first = await load("warm", coldPerSecond, warmUpSeconds);
  figures.push({
    what: `${formatCount(coldPerSecond)} events/s, the first ${warmUpSeconds} s of a process: 99 of 100 within`,
    measured: formatMs(first.latency.p99Ms),
  });
  const halves: { readonly pubackP50Ms: number; readonly diskP50Ms: number }[] = [];
  for (const { goal, perSecond } of steps) {
    const paced = await diskAlone(perSecond * seconds, perSecond);
    const before = readProcess(gateway.pid);
    const report = await load(`at-${perSecond}`, perSecond, seconds);
    const after = readProcess(gateway.pid);
    const at = `${formatCount(perSecond)} events/s`;
    halves.push({ pubackP50Ms: report.latency.p50Ms, diskP50Ms: paced.p50Ms });
    figures.push(
      { what: `${at}: half within, write and fdatasync alone`, measured: formatMs(paced.p50Ms) },
      { what: `${at}: 99 of 100 within, these alone`, measured: formatMs(paced.p99Ms) },
      { what: `${at}: half of the PUBACKs within`, measured: formatMs(report.latency.p50Ms) },
      { what: `${at}: 99 of 100 PUBACKs within`, measured: formatMs(report.latency.p99Ms), goal },
      {
        what: `${at}: busy`,
        measured: formatProcessors(after.cpuMs - before.cpuMs, report.elapsedMs),
      },
      {
        what: `${at}: highest memory (RSS)`,
        measured: formatMegabytes(after.peakRssBytes),
        ...(perSecond === 5_000 && { goal: "110 MB" }),
      },
    );
  }
  await gateway.stop();
  await nats.kill();
  const [{ diskP50Ms, pubackP50Ms } = { diskP50Ms: 0, pubackP50Ms: 0 }] = halves;
  const group = { title: "A steady flow: 50 devices, 256 B, backbone linked", figures };
  return { group, pubackP50Ms, diskP50Ms };
}
