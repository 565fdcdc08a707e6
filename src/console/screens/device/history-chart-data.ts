/** A history as a chart shows it. Pure. */
import type { History } from "../../../api/shapes/history.ts";
import type { ChartData } from "../../chart/chart-data.ts";
import { quantityText, unitText } from "../../parts/unit-text.ts";

type Tone = "critical" | "warning" | "normal";

/** So many late values are marked; of more, those that came last. */
const mostMarks = 200;

export function chartOf(history: History): ChartData {
  const { atMs, fromMs, max, mean, min, stepMs, toMs, unit } = history;
  return {
    ...{ fromMs, toMs, atMs },
    series: [
      {
        label: stepMs > 0 ? "mean" : "value",
        unit: unitText(unit),
        values: mean,
        ...(stepMs > 0 && { band: { min, max } }),
      },
    ],
    spans: history.episodes.map(({ endedMs, rule, severity, startedMs }) => ({
      fromMs: startedMs,
      toMs: endedMs ?? undefined,
      label: rule,
      tone: toneOf(severity),
    })),
    limits: history.limits.map(({ op, rule, severity, value }) => ({
      value,
      label: `${rule} ${op} ${quantityText(value, unit)}`,
      tone: toneOf(severity),
    })),
    marks: history.late.slice(-mostMarks).map(({ atMs: ms, value }) => ({
      ...{ atMs: ms, value, label: "came late", tone: "normal" as const },
    })),
  };
}

function toneOf(severity: "critical" | "warning" | "info"): Tone {
  return severity === "info" ? "normal" : severity;
}
