import type { EpochMs } from "../core/clock.ts";
import { isObject } from "../core/is-object.ts";
import type { InfluxQueries } from "./influx-queries.ts";
import { type CountedDatabase, dayMs, type Total } from "./sample-totals.ts";

/** Times are nanoseconds in 64 bits: 1677 to 2262. */
const furthestMs = 9_223_372_036_853;
const perMs = 1_000_000n;

/** What InfluxDB holds from `sinceMs` on; what is older its retention takes away. */
export function influxTotals(queries: InfluxQueries, sinceMs: EpochMs): CountedDatabase {
  const fromMs = Math.max(-furthestMs, sinceMs);
  const nanos = (timeMs: EpochMs): bigint =>
    BigInt(Math.ceil(Math.min(furthestMs, Math.max(fromMs, timeMs)))) * perMs;
  return {
    isCoarse: false,
    holds: (timeMs) => timeMs >= fromMs && timeMs <= furthestMs,
    async totalsOfDay(startMs) {
      const rows = await queries.rows(
        `SELECT count("value") AS "n", sum("value") AS "sum" FROM ${queries.measurement("samples")} WHERE time >= ${nanos(startMs)} AND time < ${nanos(startMs + dayMs)} GROUP BY "site", "gateway", "device"`,
      );
      const totals = new Map<string, Total>();
      for (const row of rows) {
        if (!isObject(row)) continue;
        const names = [row["site"], row["gateway"], row["device"]].map((name) => name ?? "");
        totals.set(names.join("/"), { count: Number(row["n"]), sum: Number(row["sum"]) });
      }
      return totals;
    },
  };
}
