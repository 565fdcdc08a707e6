/** What the database of the historian remembers, for whoever hears it again. */
import type { LoadedSite } from "../config/site/load-site.ts";
import type { DeviceRecord } from "../core/device.ts";
import { GatewayError } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import type { DeviceId } from "../core/ids.ts";
import { gatewaySubjectPrefix } from "../core/subject.ts";
import { rememberedEvents, rememberedGateways } from "../historian/remembered-events.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { lookAtGateways } from "../stream/discover-gateways.ts";
import { readSubject } from "../stream/read-subject.ts";
import { openBackboneFor } from "./open-backbone-for.ts";
import { openSiteDatabase, requireHistorian } from "./open-site-database.ts";
import type { Recorded, TakeEvent } from "./recorded-events.ts";
import { siteBackboneOptions } from "./site-backbone.ts";

const connectMs = 3_000;
/** InfluxDB's own bounds. */
const earliest = -9_223_372_036_854_775_806n;
const latest = 9_223_372_036_854_775_806n;
const perMs = 1_000_000n;

type Records = ReadonlyMap<DeviceId, DeviceRecord>;

export interface Remembered extends Recorded {
  /** False where no stream could say who the devices are. */
  readonly knowsDevices: boolean;
}

export interface RememberedHearing {
  readonly take: TakeEvent;
  /** Told which gateways there are before any is heard. */
  readonly onGateways: (origins: readonly Origin[]) => void;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/**
 * Each event once, one gateway after the other. Who the devices are is read from the streams as they
 * say it now. Rejects as the database's questions do, and with `config.invalid`, `usage` where there is
 * none that can be heard.
 */
export async function readDatabase(
  site: LoadedSite,
  servers: readonly string[],
  { onGateways, sinceMs, take, untilMs }: RememberedHearing,
): Promise<Remembered> {
  const options = requireHistorian(site);
  const database = await openSiteDatabase(site, options, process.env);
  try {
    const { queries } = database;
    if (!queries)
      throw new GatewayError(
        "usage",
        "VictoriaMetrics holds no texts and no two values of a millisecond, so rules would hear something else than was said; use --from-stream or a recording",
      );
    const records = await recordsOfStreams(site, servers);
    const from = Number.isFinite(sinceMs) ? BigInt(Math.trunc(sinceMs)) * perMs : earliest;
    const to = Number.isFinite(untilMs) ? (BigInt(Math.trunc(untilMs)) + 1n) * perMs : latest;
    const gateways = await rememberedGateways(queries);
    onGateways(gateways.map(({ origin }) => origin));
    for (const gateway of gateways) {
      const known = records?.get(keyOf(gateway.origin)) ?? new Map();
      const span = { from, to, records: known };
      for await (const event of rememberedEvents(queries, gateway, span)) if (!take(event)) break;
    }
    return { gateways: gateways.length, others: 0, knowsDevices: records !== undefined };
  } finally {
    database.close();
  }
}

const keyOf = ({ gateway, site }: Origin): string => `${site}/${gateway}`;

/** The last record of each device; undefined where no backbone answers. */
async function recordsOfStreams(
  site: LoadedSite,
  servers: readonly string[],
): Promise<ReadonlyMap<string, Records> | undefined> {
  const options = siteBackboneOptions({ site, servers });
  const backbone = openBackboneFor(options, "sluicegate-backtest");
  try {
    const connection = await connectInTime(backbone, { servers, timeoutMs: connectMs, advice: "" });
    const all = new Map<string, Records>();
    for (const { gateway } of (await lookAtGateways(connection)).gateways) {
      const records = new Map<DeviceId, DeviceRecord>();
      const subjects = `${gatewaySubjectPrefix(gateway.site, gateway.gateway)}*.device`;
      await readSubject(connection, gateway.stream, subjects, (body) => {
        const event = decodeEvent(Buffer.from(body).toString());
        if (!isMalformed(event) && event.kind === "device")
          records.set(event.data.device, event.data);
        return true;
      });
      all.set(keyOf(gateway), records);
    }
    return all;
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.code === "stream.unavailable") return undefined;
    throw thrown;
  } finally {
    await backbone.close();
  }
}
