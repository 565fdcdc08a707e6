/** How the library draws a chart of ours. */
import uPlot from "uplot";
import { valueText } from "../parts/number-text.ts";
import { type ChartColors, thin } from "./chart-colors.ts";
import { lonePoints, valueRange } from "./chart-columns.ts";
import type { ChartData } from "./chart-data.ts";
import { drawLimits, drawMarks, drawSpans } from "./chart-marks.ts";
import { timeTicks } from "./time-axis.ts";

export interface ChartDrawing {
  /** The newest data: what is drawn follows it without being made anew. */
  readonly data: () => ChartData;
  readonly colors: ChartColors;
  readonly zone: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Charts of one name share their cursor. */
  readonly cursor: string | undefined;
  readonly onCursor: (place: number | undefined) => void;
  readonly onSelect: ((fromMs: number, toMs: number) => void) | undefined;
}

export function chartOptions(drawing: ChartDrawing): uPlot.Options {
  const { colors, data, heightPx, onCursor, onSelect, widthPx, zone } = drawing;
  const axis = { stroke: colors.axis, font: `12px ${fontOf(colors)}`, ticks: { show: false } };
  return {
    width: widthPx,
    height: heightPx,
    legend: { show: false },
    padding: [8, 12, 0, 0],
    scales: {
      // Our own ticks know the zone, so to the library a time is a number.
      x: { time: false, range: () => [data().fromMs, data().toMs] },
      y: { range: (_, low, high) => rangeOf(data(), low, high) },
    },
    series: [{}, ...seriesOf(data(), colors)],
    bands: bandsOf(data(), colors),
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 40,
        gap: 6,
        splits: (plot) => ticksOf(plot, data(), zone).map(({ atMs }) => atMs),
        values: (plot) => ticksOf(plot, data(), zone).map(({ text }) => text),
      },
      {
        ...axis,
        grid: { stroke: colors.grid, width: 1 },
        size: (_, texts) => 16 + 7 * Math.max(3, ...(texts ?? []).map((text) => text.length)),
        gap: 6,
        space: 36,
        values: (_, splits) => splits.map(valueText),
      },
    ],
    cursor: {
      y: false,
      drag: { x: onSelect !== undefined, y: false, setScale: false },
      points: { size: 7 },
      ...(drawing.cursor === undefined
        ? {}
        : { sync: { key: drawing.cursor, setSeries: false, scales: ["x", null] } }),
    },
    hooks: {
      drawClear: [(plot) => drawSpans(plot, data().spans ?? [], data(), colors)],
      draw: [
        (plot) => drawLimits(plot, data().limits ?? [], colors),
        (plot) => drawMarks(plot, data().marks ?? [], colors),
      ],
      setCursor: [({ cursor }) => onCursor(cursor.idx ?? undefined)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 8) return;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          onSelect?.(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
        },
      ],
    },
  };
}

function seriesOf({ series }: ChartData, colors: ChartColors): uPlot.Series[] {
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  return series.flatMap(({ band, color, isFilled, isStepped, label }, index) => {
    const stroke = colors.series[((color ?? index + 1) - 1) % colors.series.length] ?? colors.axis;
    const line: uPlot.Series = {
      label,
      stroke,
      width: 1.5,
      points: { size: 5, fill: stroke, filter: lonePlaces },
      ...(isFilled ? { fill: thin(stroke) } : {}),
      ...(isStepped && stepped ? { paths: stepped } : {}),
    };
    const edge: uPlot.Series = { stroke: "transparent", points: { show: false } };
    return band ? [line, edge, edge] : [line];
  });
}

/** Dots only where a value stands alone. */
function lonePlaces(plot: uPlot, series: number): number[] {
  return lonePoints([...(plot.data[series] ?? [])]);
}

function bandsOf({ series }: ChartData, colors: ChartColors): uPlot.Band[] {
  let place = 1;
  return series.flatMap(({ band, color }, index) => {
    const at = place;
    place += band ? 3 : 1;
    const shade = colors.series[((color ?? index + 1) - 1) % colors.series.length] ?? colors.axis;
    return band ? [{ series: [at + 1, at + 2] as [number, number], fill: thin(shade) }] : [];
  });
}

function rangeOf(data: ChartData, low: number | null, high: number | null): uPlot.Range.MinMax {
  const limits = (data.limits ?? []).map(({ value }) => value);
  const [from, to] = valueRange(low, high, limits, data.startsAtZero === true);
  return [from, to];
}

function ticksOf(plot: uPlot, data: ChartData, zone: string): ReturnType<typeof timeTicks> {
  const widthPx = plot.bbox.width / devicePixelRatio;
  return timeTicks(data.fromMs, data.toMs, Math.max(2, Math.floor(widthPx / 84)), zone);
}

function fontOf({ font }: ChartColors): string {
  return font.replace(/^\S+ /, "");
}
