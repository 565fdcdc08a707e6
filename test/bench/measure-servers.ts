/** The gateway with each nats-server that is here, and each lane: road, drain, latency and memory side by side. */
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { freePort } from "../../src/demo/free-port.ts";
import type { NatsServerProgram } from "../../src/nats-server/nats-server-program.ts";
import { envOf } from "../support/current-nats-server.ts";
import { type FigureTable, formatCount, formatMegabytes, formatMs } from "./figures.ts";
import { watchDrain } from "./measure-backlog.ts";
import { publishAlone } from "./measure-parts.ts";
import { takesBatches } from "./nats-servers.ts";
import { readProcess } from "./process-facts.ts";
import type { LoadAnswer, LoadArguments } from "./programs/reports.ts";
import { sensorBytes } from "./tasmota-sensor.ts";
import type { Workshop } from "./workshop.ts";

export interface ServersScale {
  readonly events: number;
  readonly seconds: number;
}

/** What a start leaves behind is collected some seconds later. */
const idleMs = 15_000;
const connections = 16;

interface Way {
  readonly server: NatsServerProgram;
  /** Else each record is answered by itself. */
  readonly batches: boolean;
}

/** One row for each server and each lane that it can have. */
export async function measureServers(
  workshop: Workshop,
  servers: readonly NatsServerProgram[],
  scale: ServersScale,
): Promise<FigureTable> {
  const ways = servers.flatMap((server): Way[] => [
    { server, batches: false },
    ...(takesBatches(server) ? [{ server, batches: true }] : []),
  ]);
  const rows: (readonly string[])[] = [];
  for (const way of ways) rows.push(await measureWay(workshop, way, scale));
  return {
    title: `Servers: ${connections} devices, ${sensorBytes} B at QoS 1`,
    columns: [
      "nats-server",
      "stored/s",
      "CPU/event",
      "server CPU",
      "drain/s",
      "publish alone/s",
      "PUBACK p50",
      "p99 at 1,000/s",
      "idle",
      "at 5,000/s",
      "full speed",
    ],
    rows,
  };
}

async function measureWay(
  workshop: Workshop,
  { batches, server }: Way,
  { events, seconds }: ServersScale,
): Promise<readonly string[]> {
  const place = {
    ...{ folder: await workshop.place(), port: await freePort() },
    ...envOf(server.path),
  };
  const nats = await workshop.nats(place);
  // With a server that takes batches, a build of its own keeps from them; it is one file, so it takes more memory.
  const isPlanted = takesBatches(server) && !batches;
  const gateway = await workshop.gateway({
    natsUrl: nats.url,
    ...(isPlanted && { fault: "no-batches" }),
  });
  const load = (
    name: string,
    options: Pick<LoadArguments, "total" | "ratePerSecond">,
  ): Promise<LoadAnswer> =>
    workshop.load({
      ...{ name, url: gateway.mqttUrl, says: "sensor", payloadBytes: sensorBytes },
      ...{ connections, window: 60, ...options },
    });
  const steady = async (perSecond: number): Promise<LoadAnswer> => {
    const answer = await load(`at-${perSecond}`, {
      total: perSecond * seconds,
      ratePerSecond: perSecond,
    });
    await gateway.drained();
    return answer;
  };
  await gateway.start();
  await gateway.drained();
  await sleep(systemClock, idleMs);
  const idleBytes = readProcess(gateway.pid).rssBytes;
  // What a new process compiles and makes first is not what a device waits for.
  await load("first", { total: 8 * 1_000, ratePerSecond: 1_000 });
  const { report } = await steady(1_000);
  await steady(5_000);
  const loadedBytes = readProcess(gateway.pid).peakRssBytes;
  await load("warm", { total: events / 4 });
  await gateway.drained();

  const before = { gateway: readProcess(gateway.pid), nats: readProcess(nats.pid) };
  const { startedMs } = await load("full", { total: events });
  await gateway.drained();
  const tookMs = Date.now() - startedMs;
  const after = { gateway: readProcess(gateway.pid), nats: readProcess(nats.pid) };
  const costUs = (of: "gateway" | "nats"): string =>
    `${(((after[of].cpuMs - before[of].cpuMs) * 1_000) / events).toFixed(1)} µs`;

  await nats.kill();
  await load("backlog", { total: events });
  const again = await workshop.nats(place);
  const drain = await watchDrain(gateway);
  await gateway.stop();
  await again.kill();
  const alone = await publishAlone(workshop, events, {
    lane: batches ? "batches" : "records",
    server,
  });
  return [
    `${server.version}${batches ? ", batches" : ""}`,
    formatCount((events * 1_000) / tookMs),
    costUs("gateway"),
    costUs("nats"),
    formatCount(drain.perSecond),
    formatCount(alone),
    formatMs(report.latency.p50Ms),
    formatMs(report.latency.p99Ms),
    ...[idleBytes, loadedBytes, after.gateway.peakRssBytes].map((bytes) =>
      isPlanted ? "-" : formatMegabytes(bytes),
    ),
  ];
}
