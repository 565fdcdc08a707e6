/**
 * A chart over time: lines with gaps, bands, shaded times, limits. Arrow keys move its cursor and say
 * what is there; `Table` shows the same numbers as text.
 */
import { useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { valueText } from "../parts/number-text.ts";
import { clockText, fullText } from "../parts/time-text.ts";
import { chartTables, turnCharts } from "../state/chart-tables.ts";
import { useKey } from "../state/keys.ts";
import { shownTheme } from "../state/theme.ts";
import { seriesText } from "./chart-columns.ts";
import type { ChartData } from "./chart-data.ts";
import { ChartTable } from "./chart-table.tsx";
import { ownZone } from "./time-axis.ts";
import "./chart.css";

interface ChartProps {
  readonly title: string;
  readonly data: ChartData;
  readonly heightPx?: number;
  /** Charts of one name share their cursor. */
  readonly cursor?: string;
  /** A stretch was chosen with the mouse. */
  readonly onSelect?: (fromMs: number, toMs: number) => void;
  /** The zone of its axis; without it, the one of the browser. */
  readonly zone?: string;
}

const loadCanvas = () => import("./chart-canvas.tsx");

export function Chart({ title, data, heightPx = 200, cursor, onSelect, zone }: ChartProps) {
  const all = chartTables.value;
  const [own, setOwn] = useState({ round: 0, isTable: false });
  // What was chosen for this one holds until all are turned.
  const isTable = own.round === all.round ? own.isTable : all.isTable;
  const turn = (): void => setOwn({ round: all.round, isTable: !isTable });
  const [pointed, setPointed] = useState<number>();
  const [place, setPlace] = useState<number>();
  const shownZone = zone ?? ownZone();
  useKey("t", "Show charts as tables, or as drawings", () => turnCharts(!isTable));

  const at = pointed ?? lastPlace(data);
  const move = (event: KeyboardEvent): void => {
    const next = placeAfter(event.key, place ?? at ?? 0, data.atMs.length);
    if (next === undefined) return;
    event.preventDefault();
    setPlace(next);
    setPointed(next);
  };
  return (
    <figure class="chart" data-chart={title}>
      <figcaption class="chart-head">
        <h2>{title}</h2>
        <ul class="chart-legend" aria-hidden={isTable}>
          {data.series.map((series, index) => (
            <li key={series.label}>
              <span class={`chart-swatch chart-color-${series.color ?? index + 1}`} />
              {series.label}{" "}
              <strong>{at === undefined ? "no data" : seriesText(series, at, valueText)}</strong>
            </li>
          ))}
          {pointed !== undefined && (
            <li class="chart-at">{clockText(data.atMs[pointed] ?? 0, data.toMs, shownZone)}</li>
          )}
        </ul>
        <button
          type="button"
          class="button button-plain button-small"
          aria-pressed={isTable}
          aria-label={`${title}: table`}
          onClick={turn}
        >
          <Icon name="table" />
          Table
        </button>
      </figcaption>
      {isTable ? (
        <ChartTable title={title} data={data} zone={shownZone} />
      ) : (
        <div
          class="chart-field"
          role="group"
          tabIndex={0}
          aria-roledescription="chart"
          aria-label={`${title}. Arrow keys read the values.`}
          onKeyDown={move}
          onBlur={() => setPlace(undefined)}
        >
          <Loaded
            load={loadCanvas}
            props={{
              ...{ data, heightPx, cursor, place, onSelect },
              zone: shownZone,
              theme: shownTheme.value,
              onCursor: setPointed,
            }}
          />
          <p class="only-read" role="status">
            {place === undefined ? "" : sayPlace(data, place, shownZone)}
          </p>
        </div>
      )}
    </figure>
  );
}

function sayPlace(data: ChartData, place: number, zone: string): string {
  const values = data.series.map(
    (series) => `${series.label} ${seriesText(series, place, valueText)}`,
  );
  return `${fullText(data.atMs[place] ?? 0, zone)}: ${values.join(", ")}`;
}

/** The last place at which any series has a value. */
function lastPlace({ atMs, series }: ChartData): number | undefined {
  for (let at = atMs.length - 1; at >= 0; at--)
    if (series.some(({ values }) => (values[at] ?? null) !== null)) return at;
  return undefined;
}

function placeAfter(key: string, place: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: place - 1,
    ArrowRight: place + 1,
    PageUp: place - Math.ceil(count / 10),
    PageDown: place + Math.ceil(count / 10),
    Home: 0,
    End: count - 1,
  };
  const next = steps[key];
  return next === undefined || count === 0 ? undefined : Math.max(0, Math.min(next, count - 1));
}
