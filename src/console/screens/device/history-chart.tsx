/** The chart of a history. A stretch that is chosen in it becomes the range of the URL. */
import type { History } from "../../../api/shapes/history.ts";
import { Chart } from "../../chart/chart.tsx";
import { setQuery } from "../../state/place.ts";
import { chartOf } from "./history-chart-data.ts";
import { between, rangeParts } from "./history-range.ts";

/** Below this a stretch is a slip of the mouse. */
const leastSelectedMs = 1_000;

export function HistoryChart({ history }: { readonly history: History }) {
  return (
    <div class="card">
      <Chart title={history.metric} data={chartOf(history)} heightPx={280} onSelect={showOnly} />
    </div>
  );
}

function showOnly(fromMs: number, toMs: number): void {
  if (toMs - fromMs < leastSelectedMs) return;
  const read = between(Math.round(fromMs), Math.round(toMs));
  if (!("problem" in read)) setQuery(rangeParts(read));
}
