/**
 * What a database remembers of gateways, as events in the order of their times. When something was
 * received and how far a gateway had got is not in it: each event counts as received when it happened,
 * and marks of time are put between them. Who says nothing for ten minutes counts as away, not as a
 * gateway whose devices are silent.
 */
import type { DeviceRecord } from "../core/device.ts";
import type { GatewayEvent, Origin, StoredEvent } from "../core/event.ts";
import { type DeviceId, toDeviceId, toGatewayId, toRunId, toSeq, toSiteId } from "../core/ids.ts";
import type { Measurement } from "../core/measurement.ts";
import { comparePointTimes, type HistoryRow, historyRows } from "./history-rows.ts";
import { type InfluxQueries, influxQlText } from "./influx-queries.ts";
import { deviceOf, measurementOf, sampleColumns, stateColumns, statusOf } from "./point-event.ts";
import { readableName } from "./tag-text.ts";

/** How long a gateway may say nothing and still counts as listening. */
export const listensOnMs = 600_000;
const markEveryMs = 1_000;
const pageRows = 10_000;
const run = toRunId("database");
const sources = [
  { measurement: "samples", columns: sampleColumns },
  { measurement: "bad_samples", columns: sampleColumns },
  { measurement: "states", columns: stateColumns },
];

/** A gateway as it stands in tags, and as it is called. */
export interface RememberedGateway {
  readonly origin: Origin;
  readonly where: string;
}

/** Rejects as queries do. */
export async function rememberedGateways(queries: InfluxQueries): Promise<RememberedGateway[]> {
  const found = new Map<string, RememberedGateway>();
  for (const { measurement } of sources) {
    const values = async (key: string, where = ""): Promise<string[]> => {
      const asked = `SHOW TAG VALUES FROM "${measurement}" WITH KEY = "${key}"${where}`;
      return (await queries.rows(asked)).map(({ value }) => String(value));
    };
    for (const site of await values("site"))
      for (const gateway of await values("gateway", ` WHERE "site" = ${influxQlText(site)}`)) {
        const where = `"site" = ${influxQlText(site)} AND "gateway" = ${influxQlText(gateway)}`;
        const names = [site, gateway].map(readableName);
        const [siteName = "", gatewayName = ""] = names;
        const origin = { site: toSiteId(siteName), gateway: toGatewayId(gatewayName) };
        found.set(where, { origin, where });
      }
  }
  return [...found.values()];
}

export interface RememberedSpan {
  /** Nanoseconds; without the last. */
  readonly from: bigint;
  readonly to: bigint;
  /** Who the devices are: a database does not say. */
  readonly records: ReadonlyMap<DeviceId, DeviceRecord>;
}

/** All of one gateway. */
export async function* rememberedEvents(
  queries: InfluxQueries,
  { origin, where }: RememberedGateway,
  { from, records, to }: RememberedSpan,
): AsyncGenerator<StoredEvent> {
  const rows = sources.map((source) =>
    historyRows(queries, { ...source, where, from, to, pageRows }),
  );
  const met = new Set<string>();
  let seq = 0;
  let markMs: number | undefined;
  let heardMs = 0;
  const stored = (event: GatewayEvent): StoredEvent => {
    seq += 1;
    return { ...event, origin, position: { run, seq: toSeq(seq) } };
  };
  const mark = (t: number): StoredEvent => {
    heardMs += Math.min(listensOnMs, Math.max(0, t - (markMs ?? t)));
    markMs = t;
    const moment = { timeMs: t, receivedMs: t, clock: "gateway" } as const;
    return stored({ ...moment, kind: "watermark", device: null, data: { t, heardMs } });
  };
  let lastMs: number | undefined;
  for await (const moment of moments(rows)) {
    const { device, timeMs } = moment;
    if (markMs === undefined || timeMs - markMs > markEveryMs) yield mark(timeMs - 1);
    const at = { timeMs, receivedMs: timeMs, clock: "device" } as const;
    const id = device === null ? null : toDeviceId(device);
    const record = id === null ? undefined : records.get(id);
    if (device !== null && !met.has(device)) {
      met.add(device);
      if (record) yield stored({ ...at, kind: "device", device: id, data: record });
    }
    for (const data of moment.states) yield stored({ ...at, kind: "status", device: id, data });
    const profile = record && { profile: record.profile };
    const { data } = moment;
    if (data.length > 0) yield stored({ ...at, ...profile, kind: "measurement", device: id, data });
    lastMs = timeMs;
  }
  if (lastMs !== undefined) yield mark(lastMs);
}

interface Moment {
  readonly timeMs: number;
  readonly device: string | null;
  readonly data: Measurement[];
  readonly states: ReturnType<typeof statusOf>[];
}

/** The points of one device and one moment together: they were one event. */
async function* moments(sources: readonly AsyncGenerator<HistoryRow>[]): AsyncGenerator<Moment> {
  const heads = await Promise.all(sources.map((source) => source.next()));
  while (true) {
    let first: HistoryRow | undefined;
    for (const { done, value } of heads)
      if (!done && (!first || comparePointTimes(value, first) < 0)) first = value;
    if (!first) return;
    const together = new Map<string | null, Moment>();
    for (const [index, source] of sources.entries())
      for (let head = heads[index]; head && !head.done; head = heads[index]) {
        const row = head.value;
        if (comparePointTimes(row, first) !== 0) break;
        const device = deviceOf(row);
        const { timeMs } = row;
        const moment = together.get(device) ?? { timeMs, device, data: [], states: [] };
        together.set(device, moment);
        const measured = measurementOf(row);
        if (measured) moment.data.push(measured);
        else if (row.columns["state"] != null || row.columns["online"] != null)
          moment.states.push(statusOf(row));
        heads[index] = await source.next();
      }
    yield* together.values();
  }
}
