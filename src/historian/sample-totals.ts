/** How many values there are of each device, and what they add up to: of streams and of databases. */
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { isObject } from "../core/is-object.ts";
import type { Backbone } from "../stream/backbone.ts";
import { lookAtGateways } from "../stream/discover-gateways.ts";
import { readWholeStream } from "../stream/read-whole-stream.ts";
import type { InfluxQueries } from "./influx-queries.ts";
import { pointTime } from "./point-time.ts";
import { sampleMeasurement, samplesOf } from "./samples.ts";
import { writableName } from "./tag-text.ts";

export interface Total {
  readonly count: number;
  readonly sum: number;
}

/** By site, gateway and device, in names as they stand in tags. */
export type Totals = ReadonlyMap<string, Total>;

/** What the streams hold, and the first and the last time of it in nanoseconds. */
export interface StreamTotals {
  readonly totals: Totals;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** Numbers that the streams of all gateways hold, of quality good and uncertain. */
export async function totalsOfStreams(
  connection: Awaited<ReturnType<Backbone["connected"]>>,
): Promise<StreamTotals> {
  const totals = new Map<string, Total>();
  const text = new TextDecoder();
  let [first, last]: (bigint | undefined)[] = [];
  for (const { gateway } of (await lookAtGateways(connection)).gateways)
    await readWholeStream(connection, gateway.stream, ({ body }) => {
      const event = decodeEvent(text.decode(body));
      if (isMalformed(event) || event.kind !== "measurement") return;
      const { device, origin, position, timeMs } = event;
      const key = keyOf(origin.site, origin.gateway, device ?? "");
      for (const sample of samplesOf(event)) {
        if (typeof sample.value !== "number" || sampleMeasurement(sample) !== "samples") continue;
        const { count = 0, sum = 0 } = totals.get(key) ?? {};
        totals.set(key, { count: count + 1, sum: sum + sample.value });
        const ns = BigInt(pointTime(timeMs, position.seq));
        if (first === undefined || ns < first) first = ns;
        if (last === undefined || ns > last) last = ns;
      }
    });
  return { totals, fromNs: first ?? 0n, toNs: last ?? 0n };
}

/** The same of InfluxDB, between these times. */
export async function totalsOfDatabase(
  queries: InfluxQueries,
  { fromNs, toNs }: Pick<StreamTotals, "fromNs" | "toNs">,
): Promise<Totals> {
  const rows = await queries.rows(
    `SELECT count("value") AS "n", sum("value") AS "sum" FROM "samples" WHERE time >= ${fromNs} AND time <= ${toNs} GROUP BY "site", "gateway", "device"`,
  );
  const totals = new Map<string, Total>();
  for (const row of rows) {
    if (!isObject(row)) continue;
    const key = [row["site"], row["gateway"], row["device"]].map((name) => name ?? "").join("/");
    totals.set(key, { count: Number(row["n"]), sum: Number(row["sum"]) });
  }
  return totals;
}

/** What differs, one line for each device; sums of the same numbers in another order differ a little. */
export function differences(streams: Totals, database: Totals): readonly string[] {
  const lines: string[] = [];
  for (const [key, { count, sum }] of streams) {
    const found = database.get(key) ?? { count: 0, sum: 0 };
    if (found.count < count) lines.push(`${key}: ${count - found.count} of ${count} are missing`);
    else if (found.count > count)
      lines.push(`${key}: ${found.count - count} more than the streams hold; older ones may be`);
    else if (Math.abs(found.sum - sum) > 1e-9 * Math.max(1, Math.abs(sum)))
      lines.push(`${key}: the sum of ${count} is ${found.sum}, not ${sum}`);
  }
  return lines;
}

function keyOf(...names: readonly string[]): string {
  return names.map(writableName).join("/");
}
