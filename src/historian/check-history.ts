/** A database held against the streams: the numbers of each device on each day. */
import type { Backbone } from "../stream/backbone.ts";
import { type CountedDatabase, type Totals, totalsOfStreams } from "./sample-totals.ts";

export interface HistoryCheck {
  /** That the streams have numbers of. */
  readonly devices: number;
  /** Of which the database has the same on every day. */
  readonly alike: number;
  /** In words, one line for a device and a day. */
  readonly differing: readonly string[];
  /** Numbers of the streams at times at which the database holds nothing. */
  readonly outside: number;
}

/** Rejects as the database's questions do. */
export async function checkHistory(
  connection: Awaited<ReturnType<Backbone["connected"]>>,
  database: CountedDatabase,
): Promise<HistoryCheck> {
  const { days, outside } = await totalsOfStreams(connection, database);
  const devices = new Set<string>();
  const unlike = new Set<string>();
  const differing: string[] = [];
  for (const [startMs, streams] of [...days].sort(([one], [other]) => one - other)) {
    const held = await database.totalsOfDay(startMs);
    const date = new Date(startMs).toISOString().replace(/T.*/, "");
    for (const [key, problem] of differences(streams, held, database.isCoarse)) {
      unlike.add(key);
      differing.push(`${key} ${date}: ${problem}`);
    }
    for (const key of streams.keys()) devices.add(key);
  }
  return { devices: devices.size, alike: devices.size - unlike.size, differing, outside };
}

/** What differs, in words; sums of the same numbers in another order differ a little. */
function* differences(
  streams: Totals,
  database: Totals,
  isCoarse: boolean,
): Generator<readonly [key: string, problem: string]> {
  for (const [key, { count, sum }] of streams) {
    const found = database.get(key) ?? { count: 0, sum: 0 };
    if (found.count < count) yield [key, `${count - found.count} of ${count} are missing`];
    else if (found.count > count)
      yield [key, `${found.count - count} more than the streams hold; older ones may be`];
    else if (!isCoarse && Math.abs(found.sum - sum) > 1e-9 * Math.max(1, Math.abs(sum)))
      yield [key, `the sum of ${count} is ${found.sum}, not ${sum}`];
  }
}
