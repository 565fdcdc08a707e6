/** The numbers of a chart as a table, newest first: a canvas says nothing to those who do not see it. */
import { valueText } from "../parts/number-text.ts";
import { fullText } from "../parts/time-text.ts";
import { seriesText } from "./chart-columns.ts";
import type { ChartData } from "./chart-data.ts";

interface ChartTableProps {
  readonly title: string;
  readonly data: ChartData;
  readonly zone: string;
}

export function ChartTable({ title, data, zone }: ChartTableProps) {
  const places = data.atMs.flatMap((ms, at) => (ms >= data.fromMs && ms <= data.toMs ? [at] : []));
  return (
    <section class="chart-table" tabIndex={0} aria-label={`${title}, as a table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {data.series.map(({ label, unit }) => (
              <th key={label} scope="col">
                {label}
                {unit !== "" && ` (${unit})`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.reverse().map((at) => (
            <tr key={data.atMs[at]}>
              <th scope="row">{fullText(data.atMs[at] ?? 0, zone)}</th>
              {data.series.map((series) => (
                <td key={series.label}>{seriesText({ ...series, unit: "" }, at, valueText)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Notes data={data} zone={zone} />
    </section>
  );
}

/** What is shaded or marked in the drawing, in words. */
function Notes({ data, zone }: { readonly data: ChartData; readonly zone: string }) {
  const spans = (data.spans ?? []).map(({ fromMs, label, toMs }) => {
    const end = toMs === undefined ? "until now" : `to ${fullText(toMs, zone)}`;
    return `${label}: from ${fullText(fromMs, zone)} ${end}`;
  });
  const limits = (data.limits ?? []).map(({ label }) => `Limit: ${label}`);
  const marks = (data.marks ?? []).map(({ atMs, label }) => `${label}: ${fullText(atMs, zone)}`);
  const lines = [...spans, ...limits, ...marks];
  if (lines.length === 0) return null;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
