/** The streams of the backbone that are used, who reads them, and how far they are behind. */
import type { StreamRow } from "../../../api/shapes/system.ts";
import { Moment } from "../../parts/moment.tsx";
import { bytesText, countText } from "../../parts/number-text.ts";
import { PlainTable } from "../../parts/plain-table.tsx";
import { spanText } from "../../parts/time-text.ts";
import { AskedPart } from "./asked-part.tsx";
import { useRenewed } from "./use-renewed.ts";

export function StreamsTab() {
  const asked = useRenewed<{ readonly streams: readonly StreamRow[] }>("/streams");
  return (
    <AskedPart asked={asked} what="the streams">
      {({ streams }) => (
        <PlainTable
          label="Streams"
          heads={["Stream", "Messages", "Bytes", "From", "To", "Limits", "Readers"]}
          rows={streams}
          keyOf={({ name }) => name}
          cells={(row) => [
            <>
              <code>{row.name}</code>
              <span class="system-small">{row.subjects.join(" ")}</span>
              {row.problems.map((problem) => (
                <span key={problem} class="system-problem">
                  {problem}
                </span>
              ))}
            </>,
            countText(row.messages),
            bytesText(row.bytes),
            row.firstMs === null ? "–" : <Moment atMs={row.firstMs} show="clock" />,
            row.lastMs === null ? "–" : <Moment atMs={row.lastMs} />,
            limitsOf(row),
            <Readers row={row} />,
          ]}
        />
      )}
    </AskedPart>
  );
}

function limitsOf({ maxAgeMs, maxBytes, replicas }: StreamRow): string {
  const parts = [
    ...(maxAgeMs === null ? [] : [spanText(maxAgeMs)]),
    ...(maxBytes === null ? [] : [bytesText(maxBytes)]),
    replicas === 1 ? "1 copy" : `${replicas} copies`,
  ];
  return parts.join(", ");
}

function Readers({ row: { readers } }: { readonly row: StreamRow }) {
  if (readers.length === 0) return <span class="soft">none known</span>;
  return (
    <ul class="system-list">
      {readers.map(({ behind, lagMs, name }) => (
        <li key={name}>
          {name}
          <span class="soft">
            {behind === null ? "" : ` ${countText(behind)} behind`}
            {lagMs === null || lagMs < 1_000 ? "" : `, ${spanText(lagMs)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
