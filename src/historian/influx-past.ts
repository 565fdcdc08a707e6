/** Values of one quantity out of InfluxDB, put together there. */
import type { EpochMs } from "../core/clock.ts";
import { type InfluxQueries, influxQlText } from "./influx-queries.ts";
import { type AskPast, numberOf, type PastStep, type PastWish } from "./past-values.ts";
import { readableName, writableName } from "./tag-text.ts";

const perMs = 1_000_000n;
const mostTexts = 2_000;

/** What is in one query as a number must not be moved: whole milliseconds. */
export function influxPast(queries: InfluxQueries): AskPast {
  return async (wish) => {
    const source = queries.measurement("samples");
    const series = whereSeries(wish);
    const span = `${series} AND time >= ${nanos(wish.fromMs)} AND time < ${nanos(wish.toMs)}`;
    const step = `${Math.max(1, Math.round(wish.stepMs))}ms`;
    const [steps, texts, first] = await Promise.all([
      queries.rows(
        `SELECT min("value") AS "min", max("value") AS "max", sum("value") AS "sum", count("value") AS "n" FROM ${source} WHERE ${span} GROUP BY time(${step}) fill(none)`,
      ),
      queries.rows(
        `SELECT "text", "truth", "unit" FROM ${source} WHERE ${span} LIMIT ${mostTexts}`,
      ),
      queries.rows(
        `SELECT "value", "unit" FROM ${source} WHERE ${series} ORDER BY time ASC LIMIT 1`,
      ),
    ]);
    return {
      steps: steps.flatMap(stepOf),
      texts: texts.flatMap(textOf),
      unit: unitOf(first[0]) ?? unitOf(texts[0]),
      firstMs: timeOf(first[0]),
    };
  };
}

function whereSeries({ device, metric, origin }: PastWish): string {
  const tags = { site: origin.site, gateway: origin.gateway, device, metric };
  return Object.entries(tags)
    .map(([name, value]) => `"${name}" = ${influxQlText(writableName(value))}`)
    .join(" AND ");
}

function nanos(timeMs: EpochMs): bigint {
  return BigInt(Math.trunc(timeMs)) * perMs;
}

type Row = Readonly<Record<string, unknown>>;

function stepOf(row: Row): PastStep[] {
  const atMs = timeOf(row);
  const [min, max, sum, count] = ["min", "max", "sum", "n"].map((name) => numberOf(row[name]));
  if (atMs === undefined || min === undefined || max === undefined) return [];
  if (sum === undefined || !count) return [];
  return [{ atMs, min, max, sum, count }];
}

function textOf(row: Row): { atMs: EpochMs; value: string }[] {
  const atMs = timeOf(row);
  const value = row["text"] ?? row["truth"];
  const isOther = typeof value === "string" || typeof value === "boolean";
  return atMs !== undefined && isOther ? [{ atMs, value: String(value) }] : [];
}

function unitOf(row: Row | undefined): string | undefined {
  const unit = row?.["unit"];
  return typeof unit === "string" && unit !== "" ? readableName(unit) : undefined;
}

function timeOf(row: Row | undefined): EpochMs | undefined {
  const ms = Date.parse(String(row?.["time"]).replace(/(\.\d{3})\d*Z$/, "$1Z"));
  return Number.isNaN(ms) ? undefined : ms;
}
