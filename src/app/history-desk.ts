/** History of a site, joined by hand for commands: filled in again, counted, its dead letters. */
import type { LoadedSite } from "../config/site/load-site.ts";
import type { EpochMs } from "../core/clock.ts";
import { formatTime } from "../core/event-codec.ts";
import type { Logger } from "../core/logger.ts";
import { checkHistory, type HistoryCheck } from "../historian/check-history.ts";
import { DatabaseHealth } from "../historian/database-health.ts";
import { prepareDatabase } from "../historian/prepare-database.ts";
import { type RebuiltStream, rebuildHistory } from "../historian/rebuild-history.ts";
import {
  noteRefused,
  type Resent,
  resendRefused,
  takenAfterAll,
} from "../historian/refused-points.ts";
import { storePoints } from "../historian/store-points.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import {
  noteRefusedPoints,
  type RefusedPoint,
  readRefusedPoints,
} from "../stream/history-rejected.ts";
import { openBackboneFor } from "./open-backbone-for.ts";
import { openSiteDatabase, requireHistorian } from "./open-site-database.ts";
import { siteBackboneOptions } from "./site-backbone.ts";
import { systemClock } from "./system-clock.ts";

/** How long the backbone is waited for. */
const timeoutMs = 5_000;

export interface HistoryDesk {
  /** Writes everything again that happened then or later; gives each stream as soon as it is done. */
  rebuild(sinceMs: EpochMs): AsyncGenerator<RebuiltStream>;
  /** Points that the database refused while `rebuild` ran. */
  refusedNow(): number;
  /** What the database holds of each device on each day, against the streams. */
  check(): Promise<HistoryCheck>;
  refused(): Promise<readonly RefusedPoint[]>;
  /** Writes refused points again, and notes those that were taken. */
  retry(): Promise<readonly Resent[]>;
  close(): Promise<void>;
}

/** Rejects with `stream.unavailable` when no server answers, `config.invalid` where no database is named. */
export async function openHistoryDesk(
  site: LoadedSite,
  servers: readonly string[],
  logger: Logger,
): Promise<HistoryDesk> {
  const options = requireHistorian(site);
  const clock = systemClock;
  const random = Math.random;
  const database = await openSiteDatabase(site, options, process.env);
  const backboneOptions = siteBackboneOptions({ site, servers });
  const backbone = openBackboneFor(backboneOptions, "sluicegate-history");
  const close = async (): Promise<void> => {
    database.close();
    await backbone.close();
  };
  const advice = "say where it is with --nats";
  const patience = { servers, timeoutMs, advice };
  const connection = await connectInTime(backbone, patience).catch(async (thrown: unknown) => {
    await close();
    throw thrown;
  });
  const { signal } = new AbortController();
  const health = new DatabaseHealth(clock, logger);
  const deps = { backbone, backboneOptions, clock, random, logger };
  const prepare = (): Promise<void> => prepareDatabase(database, options, logger);
  let refusedNow = 0;

  const store = async (lines: readonly string[]): Promise<void> => {
    const stored = await storePoints(lines, signal, { ...deps, database, health, prepare });
    if (!stored || stored.refused.length === 0) return;
    refusedNow += stored.refused.length;
    await noteRefused(stored.refused, formatTime(clock.wallMs()), signal, deps);
  };

  return {
    async *rebuild(sinceMs) {
      await prepare().catch(() => {});
      const { points } = options.batch;
      yield* rebuildHistory(connection, { form: database.form, sinceMs, points, store });
    },
    refusedNow: () => refusedNow,
    check: () => checkHistory(connection, database.counted()),
    refused: () => readRefusedPoints(connection),
    async retry() {
      const resent = await resendRefused(await readRefusedPoints(connection), database, signal);
      const taken = resent.filter(({ stored }) => stored);
      await noteRefusedPoints(
        connection,
        taken.map(({ point }) => takenAfterAll(point, clock)),
      );
      return resent;
    },
    close,
  };
}
