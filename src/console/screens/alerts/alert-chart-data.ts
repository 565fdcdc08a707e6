/** The chart of an alert: the quantity, its limit, and when the episode began, fired and ended. */
import type { AlertRow } from "../../../api/shapes/alert.ts";
import type { History } from "../../../api/shapes/history.ts";
import type { ChartData, ChartMark } from "../../chart/chart-data.ts";
import { quantityText, unitText } from "../../parts/unit-text.ts";
import { shortRule } from "./alert-groups.ts";

type Tone = ChartMark["tone"];

/** Of the limits, those of the alert's own rule; of the episodes, all of the alert. */
export function alertChartData(history: History, row: AlertRow): ChartData {
  const { atMs, episodes, fromMs, limits, max, mean, metric, min, toMs, unit } = history;
  const tone = toneOf(row);
  const isBand = min.some((value, index) => value !== max[index]);
  return {
    ...{ fromMs, toMs, atMs },
    series: [
      {
        label: metric,
        unit: unitText(unit),
        values: mean,
        ...(isBand && { band: { min, max } }),
      },
    ],
    limits: limits
      .filter(({ rule }) => rule === row.rule)
      .map(({ op, value }) => ({ value, label: `${op} ${quantityText(value, unit)}`, tone })),
    spans: episodes
      .filter(({ instance }) => instance === row.instance)
      .map(({ endedMs, firedMs, startedMs }) => ({
        fromMs: firedMs ?? startedMs,
        toMs: endedMs ?? undefined,
        label: shortRule(row.rule),
        tone,
      })),
    marks: marksOf(row, tone),
  };
}

function marksOf({ endedMs, firedMs, startedMs }: AlertRow, tone: Tone): ChartMark[] {
  const moments: readonly (readonly [string, number | null])[] = [
    ["began", startedMs],
    ["fired", firedMs],
    ["ended", endedMs],
  ];
  return moments.flatMap(([label, atMs]) => (atMs === null ? [] : [{ atMs, label, tone }]));
}

function toneOf({ severity }: AlertRow): Tone {
  return severity === "info" ? "normal" : severity;
}
