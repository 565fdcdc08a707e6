/** The quantity around the episode of an alert. */
import { useMemo } from "preact/hooks";
import type { AlertPage, AlertRow } from "../../../api/shapes/alert.ts";
import type { History } from "../../../api/shapes/history.ts";
import { Chart } from "../../chart/chart.tsx";
import { ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { useAnswer } from "../../state/use-answer.ts";
import { alertChartData } from "./alert-chart-data.ts";

interface AlertChartProps {
  readonly chart: NonNullable<AlertPage["chart"]>;
  readonly row: AlertRow;
}

const points = 300;

export function AlertChart({ chart: { deviceKey, fromMs, metric, toMs }, row }: AlertChartProps) {
  const device = `/devices/${encodeURIComponent(deviceKey)}`;
  const query = { metric, from: fromMs, to: toMs, points };
  const { again, problem, value } = useAnswer<History>(`${device}/history`, query);
  const data = useMemo(() => (value ? alertChartData(value, row) : undefined), [value, row]);
  return (
    <div class="alerts-chart">
      {!data && !problem && <LoadingPanel what="Looking for its values" />}
      {problem && <ErrorPanel problem={problem} again={again} />}
      {data && data.atMs.length > 0 && (
        <Chart title={`${metric} around the episode`} data={data} heightPx={180} />
      )}
      {data?.atMs.length === 0 && <p class="soft">No values of that time are kept.</p>}
      {value?.notes.map((note) => (
        <p key={note} class="soft">
          {note}
        </p>
      ))}
      <a
        href={`${device}?tab=history&metric=${encodeURIComponent(metric)}&from=${fromMs}&to=${toMs}`}
      >
        All of its history
      </a>
    </div>
  );
}
