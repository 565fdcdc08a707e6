/** How fast the historian writes what a stream holds, beside the client library with the same points. */
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { isObject } from "../../src/core/is-object.ts";
import { positionsBucket } from "../../src/core/subject.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { makeGatewayStream } from "../support/gateway-stream.ts";
import { isHere } from "../support/programs-here.ts";
import { waitWhileMoving } from "../support/wait-until.ts";
import {
  type Figure,
  type FigureGroup,
  formatCount,
  formatMegabytes,
  formatProcessors,
} from "./figures.ts";
import { fillStream } from "./fill-stream.ts";
import { type HistoryShape, historyEvents } from "./history-events.ts";
import type { HubRole } from "./hub-role.ts";
import { readProcess } from "./process-facts.ts";
import type { InfluxAnswer, InfluxArguments } from "./programs/reports.ts";
import type { Workshop } from "./workshop.ts";

/** Being asked costs the historian something. */
const lookEveryMs = 100;
const patienceMs = 60_000;
const batch = 5_000;
const valuesOfEvents = [1, 8];

/** `points` are written of each shape. */
export async function measureHistory(
  workshop: Workshop,
  points: number,
  nodeOptions: readonly string[],
): Promise<readonly FigureGroup[]> {
  const missing = ["influxd", "victoria-metrics"].filter((name) => !isHere(name, "-version"));
  if (missing.length > 0)
    return [{ title: `History is left out: no ${missing.join(", no ")}`, figures: [] }];
  const groups: FigureGroup[] = [];
  for (const values of valuesOfEvents)
    groups.push(
      await measureShape(
        workshop,
        { name: `m${values}`, events: Math.ceil(points / values), values },
        nodeOptions,
      ),
    );
  return groups;
}

async function measureShape(
  workshop: Workshop,
  shape: HistoryShape,
  nodeOptions: readonly string[],
): Promise<FigureGroup> {
  const nats = await workshop.nats();
  const connection = await connect({ servers: nats.url, noAsyncTraces: true });
  await makeGatewayStream(connection, backboneOptions.parse({ servers: [nats.url] }));
  await fillStream(connection, historyEvents(shape));
  const points = shape.events * shape.values;
  const figures: Figure[] = [];

  const influx = await workshop.influx();
  const into = async (what: string, kind: string, url: string): Promise<number> => {
    const configuration = `historian: { kind: ${kind}, url: "${url}" }`;
    const role = await workshop.role({
      role: "historian",
      natsUrl: nats.url,
      configuration,
      nodeOptions,
    });
    const written = await watch(role, points);
    figures.push(
      { what: `${what}: written`, measured: formatPoints(written.perSecond), ...goalOf(kind) },
      { what: `${what}: busy`, measured: written.busy },
      { what: `${what}: processor time per point`, measured: formatUs(written.cpuUs) },
      { what: `${what}: highest memory (RSS)`, measured: formatMegabytes(written.peakRssBytes) },
    );
    return written.perSecond;
  };
  const ours = await into("InfluxDB", "influx", influx.url);
  const [series] = await influx.query("select count(value) from samples");
  const alone = (database: string, atOnce: number): Promise<InfluxAnswer> => {
    const options: InfluxArguments = { url: influx.url, database, shape, batch, atOnce };
    return workshop.result<InfluxAnswer>("influx-alone", options);
  };
  const inTurn = await alone("alone", 1);
  const twoAtOnce = await alone("alone2", 2);
  await influx.kill();
  const share = (rate: number): string => `${((100 * ours) / rate).toFixed(0)} %`;
  figures.push(
    {
      what: "points that InfluxDB holds then",
      measured: `${formatCount(Number(series?.values[0]?.[1]))} of ${formatCount(points)}`,
    },
    {
      what: "the client alone, one write after the other",
      measured: formatPoints(inTurn.perSecond),
    },
    { what: "the client alone: processor time per point", measured: formatUs(inTurn.cpuUs) },
    {
      what: "the client alone, two writes under way",
      measured: formatPoints(twoAtOnce.perSecond),
    },
    {
      what: "the historian, of the first of these",
      measured: share(inTurn.perSecond),
      goal: "80 %",
    },
    { what: "the historian, of the second", measured: share(twoAtOnce.perSecond) },
  );
  const victoria = await workshop.victoria();
  // As a historian that has written nothing yet.
  await (await jetstreamManager(connection)).streams.delete(`KV_${positionsBucket}`);
  await connection.close();
  await into("VictoriaMetrics", "victoria-metrics", victoria.url);
  await victoria.kill();
  await nats.kill();
  return {
    title: `History: ${formatCount(shape.events)} events of ${shape.values} in the stream of a gateway`,
    figures,
  };
}

interface Written {
  readonly perSecond: number;
  readonly busy: string;
  /** Of the historian, for each point. */
  readonly cpuUs: number;
  readonly peakRssBytes: number;
}

/** From the first points that are stored to the last. */
async function watch(role: HubRole, points: number): Promise<Written> {
  await role.start();
  interface Look {
    readonly atMs: number;
    readonly stored: number;
    readonly cpuMs: number;
  }
  let first: Look | undefined;
  let last: Look = { atMs: 0, stored: 0, cpuMs: 0 };
  await waitWhileMoving(
    async () => {
      const stored = storedIn(await role.status());
      last = { atMs: performance.now(), stored, cpuMs: readProcess(role.pid).cpuMs };
      if (stored > 0) first ??= last;
      return stored >= points;
    },
    () => last.stored,
    "every point is stored",
    patienceMs,
    lookEveryMs,
  );
  const { peakRssBytes } = readProcess(role.pid);
  await role.stop();
  const { atMs, cpuMs, stored } = first ?? last;
  const tookMs = Math.max(1, last.atMs - atMs);
  return {
    perSecond: ((last.stored - stored) * 1_000) / tookMs,
    busy: formatProcessors(last.cpuMs - cpuMs, tookMs),
    cpuUs: ((last.cpuMs - cpuMs) * 1_000) / Math.max(1, last.stored - stored),
    peakRssBytes,
  };
}

function storedIn(status: unknown): number {
  const historian = isObject(status) ? status["historian"] : undefined;
  const points = isObject(historian) ? historian["points"] : undefined;
  return typeof points === "number" ? points : 0;
}

function goalOf(kind: string): { readonly goal?: string } {
  return kind === "influx" ? { goal: "150,000" } : {};
}

function formatUs(us: number): string {
  return `${us.toFixed(1)} µs`;
}

function formatPoints(perSecond: number): string {
  return `${formatCount(perSecond)} points/s`;
}
