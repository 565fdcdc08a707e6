/** Columns of what flows. */
import type { LiveRow, LiveStage } from "../../../api/shapes/live.ts";
import { Icon } from "../../parts/icon.tsx";
import type { Column } from "../../parts/table-column.ts";
import { fullText, preciseText, spanText } from "../../parts/time-text.ts";

export function liveColumns(
  stage: LiveStage,
  show: (row: LiveRow) => void,
): readonly Column<LiveRow>[] {
  const time: Column<LiveRow> = {
    id: "time",
    head: "Received",
    cell: ({ atMs }) => (
      <time class="code" dateTime={new Date(atMs).toISOString()} title={fullText(atMs)}>
        {preciseText(atMs)}
      </time>
    ),
  };
  const device: Column<LiveRow> = {
    id: "device",
    head: "Device",
    cell: ({ device, deviceKey }) =>
      deviceKey === null ? (
        <span class="faint">{device ?? "—"}</span>
      ) : (
        <a class="live-device" href={`/devices/${encodeURIComponent(deviceKey)}`}>
          {device}
        </a>
      ),
  };
  const text: Column<LiveRow> = {
    id: "text",
    head: stage === "received" ? "Topic and payload" : stage === "rejected" ? "Why" : "Values",
    cell: ({ kind, text }) => (
      <span title={text}>
        {kind !== null && kind !== "measurement" && <span class="live-kind">{kind}</span>}
        {text}
      </span>
    ),
  };
  const delay: Column<LiveRow> = {
    id: "delay",
    head: "Delay",
    isNumber: true,
    isExtra: true,
    cell: ({ atMs, timeMs }) => (timeMs === null ? "" : <Delay ms={atMs - timeMs} atMs={timeMs} />),
  };
  const more: Column<LiveRow> = {
    id: "more",
    head: "More",
    isActions: true,
    cell: (row) => (
      <button
        type="button"
        class="button button-plain button-small"
        aria-label={`JSON of ${row.device ?? row.text.slice(0, 40)}, ${preciseText(row.atMs)}`}
        onClick={() => show(row)}
      >
        <Icon name="right" /> JSON
      </button>
    ),
  };
  return stage === "received" ? [time, text, more] : [time, device, text, delay, more];
}

/** How long after its time it came; a clock that is ahead makes it less than nothing. */
function Delay({ ms, atMs }: { readonly ms: number; readonly atMs: number }) {
  return (
    <span class="soft" title={`of ${fullText(atMs)}`}>
      {ms < 0 ? "−" : "+"}
      {Math.abs(ms) < 1_000 ? `${Math.abs(ms)} ms` : spanText(ms)}
    </span>
  );
}
