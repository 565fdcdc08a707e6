/** A list of alerts: one table, or one for each group. */
import type { AlertRow } from "../../../api/shapes/alert.ts";
import { Pill } from "../../parts/pill.tsx";
import type { Selection } from "../../parts/selection.ts";
import type { StableEntry } from "../../parts/stable-order.ts";
import { Table } from "../../parts/table.tsx";
import type { Column, Sort } from "../../parts/table-column.ts";
import { place, queryPart } from "../../state/place.ts";
import { type AlertGroup, groupAlerts, groupings } from "./alert-groups.ts";
import { chooseWithin, chosenAmong } from "./selection.ts";

interface AlertsTablesProps {
  readonly columns: readonly Column<AlertRow>[];
  readonly entries: readonly StableEntry<AlertRow>[];
  readonly sort: Sort<AlertRow>;
  readonly selection?: Selection;
}

export function AlertsTables({ columns, entries, sort, selection }: AlertsTablesProps) {
  const by = groupings.find((one) => one === queryPart("group")) ?? "none";
  const byKey = new Map(entries.map((entry) => [entry.row.instance, entry]));
  const groups = groupAlerts(
    entries.map(({ row }) => row),
    by,
  );
  return (
    <>
      {groups.map((group) => (
        <section key={group.name} class="alerts-group">
          {by !== "none" && <GroupHead group={group} />}
          <Table
            label={by === "none" ? "Alerts" : `Alerts of ${group.name}`}
            columns={columns}
            entries={group.rows.flatMap(({ instance }) => byKey.get(instance) ?? [])}
            sort={sort}
            hrefOf={hrefOf}
            toneOf={toneOf}
            {...(selection && { selection: within(selection, group) })}
          />
        </section>
      ))}
    </>
  );
}

function GroupHead({
  group: { critical, info, name, rows, warning },
}: {
  readonly group: AlertGroup;
}) {
  return (
    <div class="alerts-group-head">
      <h2>{name}</h2>
      <span class="soft">{rows.length === 1 ? "1 alert" : `${rows.length} alerts`}</span>
      {critical > 0 && (
        <Pill word={`${critical} critical`} icon="critical" tone="critical" isPlain />
      )}
      {warning > 0 && <Pill word={`${warning} warning`} icon="warning" tone="warning" isPlain />}
      {info > 0 && <Pill word={`${info} info`} icon="info" isPlain />}
    </div>
  );
}

/** Beside the list, which stays as it is. */
function hrefOf({ instance }: AlertRow): string {
  return `/alerts/${encodeURIComponent(instance)}${place.peek().query}`;
}

function toneOf({ isFiring, severity, state }: AlertRow): "critical" | "warning" | undefined {
  if (!isFiring || state === "acknowledged" || severity === "info") return undefined;
  return severity;
}

function within({ keys, onChange }: Selection, { rows }: AlertGroup): Selection {
  const shown = rows.map(({ instance }) => instance);
  return {
    keys: chosenAmong(keys, shown),
    onChange: (now) => onChange(chooseWithin(keys, shown, now)),
  };
}
