/** Who processes what, and who is told by whom. */
import type { NoticesPage, ProcessorRow } from "../../../api/shapes/system.ts";
import { Moment } from "../../parts/moment.tsx";
import { countText } from "../../parts/number-text.ts";
import { PlainTable } from "../../parts/plain-table.tsx";
import { spanText } from "../../parts/time-text.ts";
import { AskedPart } from "./asked-part.tsx";
import { Notices } from "./notices.tsx";
import { rangesText } from "./ranges-text.ts";
import { Trouble } from "./trouble.tsx";
import { useRenewed } from "./use-renewed.ts";

export function ProcessorsTab() {
  const processors = useRenewed<{ readonly processors: readonly ProcessorRow[] }>("/processors");
  const receivers = useRenewed<NoticesPage>("/notices");
  return (
    <>
      <AskedPart asked={processors} what="processors">
        {(value) => <Processors rows={value.processors} />}
      </AskedPart>
      <h2 class="system-title">Receivers</h2>
      <AskedPart asked={receivers} what="receivers">
        {(value) => <Notices page={value} again={receivers.again} />}
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
    ...(lagMs === null || (behind !== null && lagMs < 1_000) ? [] : [spanText(lagMs)]),
  ];
  return parts.join(", ");
}
