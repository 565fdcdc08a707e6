/** What a device measures now: each value with its times, how far to trust it, and its last hour. */
import { useMemo } from "preact/hooks";
import type { DevicePage, DeviceValue } from "../../../api/shapes/device.ts";
import { Sparkline } from "../../chart/sparkline.tsx";
import { Moment } from "../../parts/moment.tsx";
import { EmptyPanel } from "../../parts/panels.tsx";
import { Pill } from "../../parts/pill.tsx";
import { Newer, Table } from "../../parts/table.tsx";
import { by, type Column, sortOf } from "../../parts/table-column.ts";
import { spanText } from "../../parts/time-text.ts";
import { quantityText } from "../../parts/unit-text.ts";
import { useStableRows } from "../../parts/use-stable-rows.ts";
import { hrefWith } from "../../state/place.ts";

import { useSparks } from "./use-sparks.ts";

export function ValuesTab({ page }: { readonly page: DevicePage }) {
  const rows = useMemo(
    () => new Map(page.values.map((value) => [value.name, value])),
    [page.values],
  );
  const sparks = useSparks(page);
  const columns = useMemo(() => columnsWith(sparks), [sparks]);
  const sort = sortOf(columns, "metric");
  const shown = useStableRows(rows, {
    name: sort.name,
    accepts: () => true,
    compare: sort.compare,
  });
  if (rows.size === 0)
    return (
      <EmptyPanel title="It has not told a value yet.">
        <a href={hrefWith({ tab: "events" })}>See what it said</a>
      </EmptyPanel>
    );
  return (
    <>
      <Newer rows={shown} />
      <Table
        label={`Values of ${page.row.device}`}
        columns={columns}
        entries={shown.entries}
        sort={sort}
        hrefOf={({ name }) => hrefWith({ tab: "history", metric: name, sort: undefined })}
      />
    </>
  );
}

function columnsWith(
  sparks: ReadonlyMap<string, readonly (number | null)[]>,
): readonly Column<DeviceValue>[] {
  return [
    {
      ...{ id: "metric", head: "Metric", isMain: true, compare: by((row) => row.name) },
      cell: ({ name }) => <bdi class="device-metric">{name}</bdi>,
    },
    {
      ...{ id: "value", head: "Value", isNumber: true },
      cell: ({ unit, value }) => (
        <span class="device-value" title={`${value}`}>
          <bdi>{quantityText(value, unit)}</bdi>
        </span>
      ),
    },
    {
      ...{ id: "quality", head: "Quality", compare: by((row) => row.quality) },
      cell: ({ quality }) => (
        <Pill
          word={quality}
          icon={quality === "good" ? "ok" : "warning"}
          tone={quality === "good" ? "normal" : "warning"}
          isPlain
        />
      ),
    },
    {
      ...{ id: "time", head: "Measured", compare: by((row: DeviceValue) => -row.timeMs) },
      cell: ({ timeMs }) => <Moment atMs={timeMs} show="both" />,
    },
    {
      ...{ id: "received", head: "Received", isExtra: true },
      cell: ({ receivedMs, timeMs }) => (
        <>
          <Moment atMs={receivedMs} show="clock" />{" "}
          <span class="faint">{delayText(receivedMs - timeMs)}</span>
        </>
      ),
    },
    {
      ...{ id: "trend", head: "Last hour", isExtra: true },
      cell: ({ name }) => <Spark values={sparks.get(name)} name={name} />,
    },
  ];
}

/** How much later than it was measured it came in; clocks may disagree. */
function delayText(ms: number): string {
  if (ms === 0) return "";
  return `${ms < 0 ? "−" : "+"}${spanText(ms)}`;
}

interface SparkProps {
  readonly name: string;
  readonly values: readonly (number | null)[] | undefined;
}

function Spark({ name, values }: SparkProps) {
  if (!values?.some((value) => value !== null)) return null;
  return <Sparkline values={values} label={`The last hour of ${name}`} />;
}
