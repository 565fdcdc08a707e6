/** Who processes what, and who is told by whom. */
import type { ProcessorRow, ReceiverRow } from "../../../api/shapes/system.ts";
import { Moment } from "../../parts/moment.tsx";
import { countText } from "../../parts/number-text.ts";
import { Pill } from "../../parts/pill.tsx";
import { spanText } from "../../parts/time-text.ts";
import { AskedPart } from "./asked-part.tsx";
import { PlainTable } from "./plain-table.tsx";
import { rangesText } from "./ranges-text.ts";
import { useRenewed } from "./use-renewed.ts";

export function ProcessorsTab() {
  const processors = useRenewed<{ readonly processors: readonly ProcessorRow[] }>("/processors");
  const receivers = useRenewed<{ readonly receivers: readonly ReceiverRow[] }>("/notices");
  return (
    <>
      <AskedPart asked={processors} what="processors">
        {(value) => <Processors rows={value.processors} />}
      </AskedPart>
      <h2 class="system-title">Receivers</h2>
      <AskedPart asked={receivers} what="receivers">
        {(value) =>
          value.receivers.length === 0 ? (
            <p class="soft">No receiver was told anything yet.</p>
          ) : (
            <Receivers rows={value.receivers} />
          )
        }
      </AskedPart>
    </>
  );
}

function Processors({ rows }: { readonly rows: readonly ProcessorRow[] }) {
  return (
    <PlainTable
      label="Processors"
      heads={["Process", "Role", "Partitions", "Behind", "Saved", "Rules", "State"]}
      rows={rows}
      keyOf={({ name, role }) => `${name} ${role}`}
      cells={(row) => [
        row.name,
        row.role,
        row.partitions.length === 0
          ? "–"
          : `${row.partitions.length}: ${rangesText(row.partitions)}`,
        behindText(row),
        row.checkpointMs === null ? "–" : <Moment atMs={row.checkpointMs} />,
        row.rules === null ? "–" : countText(row.rules),
        <Trouble trouble={row.trouble} />,
      ]}
    />
  );
}

function behindText({ behind, lagMs }: ProcessorRow): string {
  if (behind === null && lagMs === null) return "–";
  const parts = [
    ...(behind === null ? [] : [countText(behind)]),
    ...(lagMs === null ? [] : [spanText(lagMs)]),
  ];
  return parts.join(", ");
}

function Receivers({ rows }: { readonly rows: readonly ReceiverRow[] }) {
  return (
    <PlainTable
      label="Receivers"
      heads={["Receiver", "Kind", "Delivered", "Waiting", "Given up", "Last", "State"]}
      rows={rows}
      keyOf={({ receiver }) => receiver}
      cells={(row) => [
        row.receiver,
        row.kind,
        countText(row.delivered),
        countText(row.waiting),
        countText(row.givenUp),
        row.lastMs === null ? "–" : <Moment atMs={row.lastMs} />,
        <Trouble trouble={row.trouble} />,
      ]}
    />
  );
}

function Trouble({ trouble }: { readonly trouble: string | null }) {
  if (trouble === null) return <Pill word="ok" icon="ok" isPlain />;
  return (
    <>
      <Pill word="trouble" icon="warning" tone="warning" isPlain />
      <span class="system-small">{trouble}</span>
    </>
  );
}
