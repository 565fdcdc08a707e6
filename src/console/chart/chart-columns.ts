/** What is drawn of a chart, made of what it shows: columns with gaps, lone points, the range. Pure. */
import type { ChartData, ChartSeries } from "./chart-data.ts";

export type Column = readonly (number | null)[];

/** Times and values for the library: of each series the line, then the band where it has one. */
export function drawnColumns({ atMs, series }: ChartData): {
  readonly atMs: readonly number[];
  readonly columns: readonly Column[];
} {
  const columns = series.flatMap(({ band, values }) =>
    band ? [values, band.max, band.min] : [values],
  );
  return { atMs, columns: columns.map((column) => atMs.map((_, at) => finite(column[at]))) };
}

/** A row of nulls where two times are farther apart than data can be: no line crosses that. */
export function withGaps<C extends Record<string, Column>>(
  atMs: readonly number[],
  columns: C,
  longestMs: number,
): { readonly atMs: readonly number[]; readonly columns: { readonly [name in keyof C]: Column } } {
  const breaks = new Set(
    atMs.flatMap((ms, at) => (at > 0 && ms - (atMs[at - 1] ?? ms) > longestMs ? [at] : [])),
  );
  const insert = <T>(column: readonly T[], between: (at: number) => T): T[] =>
    column.flatMap((value, at) => (breaks.has(at) ? [between(at), value] : [value]));
  const filled: { [name in keyof C]?: Column } = {};
  for (const name in columns) filled[name] = insert<number | null>(columns[name] ?? [], () => null);
  return {
    atMs: insert(atMs, (at) => ((atMs[at - 1] ?? 0) + (atMs[at] ?? 0)) / 2),
    // Each name was filled just now.
    columns: filled as { [name in keyof C]: Column },
  };
}

/** Places of values with a gap on both sides: no line shows them, so each needs a dot. */
export function lonePoints(column: readonly (number | null | undefined)[]): number[] {
  return column.flatMap((value, at) =>
    (value ?? null) !== null &&
    (column[at - 1] ?? null) === null &&
    (column[at + 1] ?? null) === null
      ? [at]
      : [],
  );
}

/**
 * From the lowest to the highest that is shown, with a little room. Limits that are near are in it;
 * one that is far would press the line flat, and is told in words.
 */
export function valueRange(
  lowest: number | null,
  highest: number | null,
  limits: readonly number[],
  startsAtZero: boolean,
): readonly [number, number] {
  let low = lowest ?? limits[0] ?? 0;
  let high = highest ?? limits[0] ?? 1;
  if (startsAtZero && low >= 0) low = 0;
  const reach = Math.max(high - low, Math.abs(high) * 0.1, 1e-9);
  for (const limit of limits) {
    if (limit < low && low - limit <= 1.5 * reach) low = limit;
    if (limit > high && limit - high <= 1.5 * reach) high = limit;
  }
  const room = Math.max((high - low) * 0.08, high === low ? Math.max(Math.abs(high) * 0.1, 1) : 0);
  return [startsAtZero && low === 0 ? 0 : low - room, high + room];
}

/** What a series is at a place, as text: `-11.4 °C`, with its band where that is wider. */
export function seriesText(
  { band, text, unit, values }: ChartSeries,
  at: number,
  plain: (value: number) => string,
): string {
  const say = text ?? plain;
  const value = values[at] ?? null;
  if (value === null) return "no data";
  const min = band?.min[at] ?? null;
  const max = band?.max[at] ?? null;
  const wide = min !== null && max !== null && say(min) !== say(max);
  const behind = unit === "" ? "" : ` ${unit}`;
  return `${say(value)}${behind}${wide ? ` (${say(min)} … ${say(max)})` : ""}`;
}

function finite(value: number | null | undefined): number | null {
  return value !== undefined && value !== null && Number.isFinite(value) ? value : null;
}
