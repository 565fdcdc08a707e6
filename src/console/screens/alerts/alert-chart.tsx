/** The quantity around the episode of an alert. */
import type { AlertPage } from "../../../api/shapes/alert.ts";

interface AlertChartProps {
  readonly chart: NonNullable<AlertPage["chart"]>;
}

export function AlertChart({ chart: { deviceKey, fromMs, metric, toMs } }: AlertChartProps) {
  const query = new URLSearchParams({
    tab: "history",
    metric,
    from: String(fromMs),
    to: String(toMs),
  });
  return (
    <p>
      <a href={`/devices/${encodeURIComponent(deviceKey)}?${query}`}>{metric} around that time</a>
    </p>
  );
}
