/** In, out and backlog over time as a chart shows them. Pure. */
import type { StatusSamples } from "../../../api/shapes/status.ts";
import type { ChartSpan } from "../../chart/chart-data.ts";

export const ranges = ["15m", "1h", "6h", "24h"] as const;
export type Range = (typeof ranges)[number];

export const rangeWords: Readonly<Record<Range, string>> = {
  "15m": "15 min",
  "1h": "1 h",
  "6h": "6 h",
  "24h": "24 h",
};

const minuteMs = 60_000;

export const rangeMs: Readonly<Record<Range, number>> = {
  "15m": 15 * minuteMs,
  "1h": 60 * minuteMs,
  "6h": 360 * minuteMs,
  "24h": 1_440 * minuteMs,
};

/** More points than that are not seen, and one second to the next is noise. */
const mostPoints = 300;

export interface FlowColumns {
  readonly atMs: readonly number[];
  readonly inPerS: readonly (number | null)[];
  readonly outPerS: readonly (number | null)[];
  readonly backlog: readonly (number | null)[];
}

/**
 * Means of stretches of equal length. Stretches are counted from zero, so that a point stays what it
 * was when more come; the last one is left out, since it is not whole. A stretch without a value is a gap.
 */
export function averaged(samples: StatusSamples, spanMs: number): FlowColumns {
  const bucketMs = Math.max(samples.stepMs, spanMs / mostPoints);
  const columns = { atMs: [], inPerS: [], outPerS: [], backlog: [] } as {
    atMs: number[];
    inPerS: (number | null)[];
    outPerS: (number | null)[];
    backlog: (number | null)[];
  };
  let from = 0;
  while (from < samples.atMs.length) {
    const bucket = Math.floor((samples.atMs[from] ?? 0) / bucketMs);
    let to = from + 1;
    while (to < samples.atMs.length && Math.floor((samples.atMs[to] ?? 0) / bucketMs) === bucket)
      to += 1;
    if (to === samples.atMs.length && from > 0) break;
    columns.atMs.push(samples.atMs[to - 1] ?? 0);
    for (const name of ["inPerS", "outPerS", "backlog"] as const)
      columns[name].push(mean(samples[name].slice(from, to)));
    from = to;
  }
  return columns;
}

/** Times without the backbone, shaded. */
export function outageSpans({ outages }: StatusSamples): readonly ChartSpan[] {
  return outages.map(({ fromMs, toMs }) => ({
    ...{ fromMs, label: "backbone away", tone: "warning" },
    toMs: toMs ?? undefined,
  }));
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
