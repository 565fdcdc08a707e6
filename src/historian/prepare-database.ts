import { formatDuration, parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { type Database, ownPolicy } from "./database.ts";
import type { HistorianOptions } from "./options.ts";

/**
 * Makes the database and its retention policy where they are missing; a policy that exists is never
 * changed, and one that differs is told of. Rejects as queries do.
 */
export async function prepareDatabase(
  { queries }: Database,
  { database, keep, url }: HistorianOptions,
  logger: Logger,
): Promise<void> {
  if (!queries) return;
  await queries.createDatabase().catch((thrown: unknown) => {
    // InfluxDB 2.x; where there is a bucket, nothing has to be made.
    if (!/not implemented/i.test(String(thrown))) throw thrown;
    throw new GatewayError(
      "database.unavailable",
      `there is no bucket ${database} at ${url}, and InfluxDB 2.x makes none by itself: ` +
        `influx bucket create --name ${database}, and a token that may write and read it`,
    );
  });
  if (keep === undefined) return;
  const found = (await queries.policies()).find(({ name }) => name === ownPolicy);
  if (!found) return queries.createPolicy(ownPolicy, keep);
  const keptMs = influxDurationMs(found.duration);
  if (keptMs !== keep)
    logger.warn(
      `the retention policy ${ownPolicy} keeps points for another time than historian.keep says; ` +
        "it is left as it is, ALTER RETENTION POLICY changes it",
      { keeps: keptMs === 0 ? "for ever" : found.duration, wanted: formatDuration(keep) },
    );
}

/** `720h0m0s`; 0 is for ever. */
function influxDurationMs(text: string): number {
  const parts = text.match(/\d+[a-z]+/g) ?? [];
  return parts.reduce((sum, part) => sum + (parseDuration(part) ?? 0), 0);
}
