import { formatDuration, parseDuration } from "../core/duration.ts";
import type { Logger } from "../core/logger.ts";
import { type Database, ownPolicy } from "./database.ts";
import type { HistorianOptions } from "./options.ts";

/**
 * Makes the database and its retention policy where they are missing; a policy that exists is never
 * changed, and one that differs is told of. Rejects as queries do.
 */
export async function prepareDatabase(
  { queries }: Database,
  { keep }: HistorianOptions,
  logger: Logger,
): Promise<void> {
  if (!queries) return;
  await queries.createDatabase();
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
