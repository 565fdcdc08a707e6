/**
 * What a receiver was told according to the log of attempts: where its cursor is gone, nobody else knows.
 * The log is younger than a cursor may be, and an attempt that could not be recorded is missing in it.
 */
import { BoundedMap } from "../core/bounded-map.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Backbone } from "../stream/backbone.ts";
import { readAttempts } from "../stream/notify-log.ts";

/** Of more, some are told again. */
const mostTransitions = 200_000;

export interface ToldByLog {
  /** When it was told last; undefined where the log knows nothing of the receiver. */
  readonly lastMs: EpochMs | undefined;
  /** True for the id of a transition that it was told of, or that was given up. */
  has(transition: string): boolean;
}

export async function readToldByLog(
  connection: Awaited<ReturnType<Backbone["connected"]>>,
  receiver: string,
): Promise<ToldByLog> {
  const told = new BoundedMap<string, true>(mostTransitions);
  let lastMs: EpochMs | undefined;
  await readAttempts(connection, (attempt) => {
    if (attempt.receiver !== receiver || attempt.outcome === "failed") return;
    told.set(attempt.transition, true);
    const atMs = Date.parse(attempt.at);
    if (!Number.isNaN(atMs)) lastMs = Math.max(lastMs ?? atMs, atMs);
  });
  return { lastMs, has: (transition) => told.get(transition) === true };
}
