/** Points of a measurement in the order of their times, page by page, as InfluxDB gives them. */
import { isObject } from "../core/is-object.ts";
import type { InfluxQueries } from "./influx-queries.ts";

const perMs = 1_000_000n;
const timePattern = /^(.*?)(?:\.(\d{1,9}))?Z$/;

/** A moment, and the place within its millisecond that the historian gave it. */
export interface PointTime {
  readonly timeMs: number;
  readonly within: number;
}

export interface HistoryRow extends PointTime {
  /** Fields and tags by their names; null where there is none. */
  readonly columns: Readonly<Record<string, unknown>>;
}

export interface RowsWish {
  readonly measurement: string;
  readonly columns: readonly string[];
  /** A condition in InfluxQL. */
  readonly where: string;
  /** Nanoseconds; without the last. */
  readonly from: bigint;
  readonly to: bigint;
  /** Of one page, unless more are of one moment. */
  readonly pageRows: number;
}

/** Rejects as queries do. */
export async function* historyRows(
  queries: InfluxQueries,
  { columns, from, measurement, pageRows, to, where }: RowsWish,
): AsyncGenerator<HistoryRow> {
  const names = columns.map((name) => `"${name}"`).join(", ");
  const source = queries.measurement(measurement);
  let next = from;
  let most = pageRows;
  while (true) {
    const asked = `SELECT ${names} FROM ${source} WHERE ${where} AND time >= ${next} AND time < ${to} ORDER BY time ASC LIMIT ${most}`;
    const rows = (await queries.rows(asked)).flatMap(toRow);
    const last = rows.at(-1);
    if (!last || rows.length < most) {
      yield* rows;
      return;
    }
    // Of the last moment there may be more.
    const whole = rows.filter((row) => comparePointTimes(row, last) < 0);
    yield* whole;
    next = BigInt(last.timeMs) * perMs + BigInt(last.within);
    most = whole.length > 0 ? pageRows : most * 2;
  }
}

export function comparePointTimes(one: PointTime, other: PointTime): number {
  return one.timeMs - other.timeMs || one.within - other.within;
}

function toRow(columns: unknown): HistoryRow[] {
  const found = isObject(columns) ? timePattern.exec(String(columns["time"])) : null;
  if (!found || !isObject(columns)) return [];
  const [, seconds, fraction = ""] = found;
  const digits = fraction.padEnd(9, "0");
  const timeMs = Date.parse(`${seconds}Z`) + Number(digits.slice(0, 3));
  return [{ timeMs, within: Number(digits.slice(3)), columns }];
}
