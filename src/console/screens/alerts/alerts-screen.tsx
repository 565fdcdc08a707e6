/** Alerts in lists, and one of them beside the list or in its place. */
import { useMemo, useState } from "preact/hooks";
import type { AlertRow } from "../../../api/shapes/alert.ts";
import { ChoiceField, Filters, SearchField } from "../../parts/filters.tsx";
import { LoadingPanel } from "../../parts/panels.tsx";
import { Newer } from "../../parts/table.tsx";
import { sortOf } from "../../parts/table-column.ts";
import { Tabs } from "../../parts/tabs.tsx";
import { useStableRows } from "../../parts/use-stable-rows.ts";
import { useKey } from "../../state/keys.ts";
import { useTopic } from "../../state/live.ts";
import { queryPart } from "../../state/place.ts";
import { may, me } from "../../state/session.ts";
import { alertColumns } from "./alert-columns.tsx";
import { AlertDetails } from "./alert-details.tsx";
import { alertFilter } from "./alert-filter.ts";
import { groupings } from "./alert-groups.ts";
import {
  alertLists,
  asOver,
  countLists,
  isAckable,
  isInList,
  isShelvable,
  listWords,
} from "./alert-lists.ts";
import { AlertsEmpty } from "./alerts-empty.tsx";
import { AlertsTables } from "./alerts-tables.tsx";
import { FiguresLine } from "./figures-line.tsx";
import { chosenAmong } from "./selection.ts";
import { useListedAlerts } from "./use-listed-alerts.ts";
import { VerbDialog } from "./verb-dialog.tsx";
import type { Verb } from "./verbs.ts";
import "./alerts.css";

interface Wanted {
  readonly verb: Verb;
  readonly rows: readonly AlertRow[];
}

export default function AlertsScreen({
  named,
}: {
  readonly named: Readonly<Record<string, string>>;
}) {
  const instance = named["instance"];
  const live = useTopic<AlertRow>("alerts");
  const list = alertLists.find((one) => one === queryPart("list")) ?? "active";
  const { rows, isLoaded, problem, again } = useListedAlerts(live, list);
  const counts = useMemo(() => countLists(live.rows.values()), [live.rows]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [wanted, setWanted] = useState<Wanted>();
  // A gateway alone knows nothing of what people do about alerts.
  const isHub = me.value?.shows === "hub";
  const canAct = isHub && may("operator");
  const columns = useMemo(
    () => alertColumns(canAct ? (verb, row) => setWanted({ verb, rows: [row] }) : undefined),
    [canAct],
  );
  const sort = sortOf(columns, "severity");
  const filter = queryPart("filter") ?? "";
  const accepts = useMemo(() => alertFilter(filter), [filter]);
  const stable = useStableRows(rows, {
    name: `${list} ${sort.name} ${filter}`,
    accepts: (row) => isInList(list, row) && accepts(row),
    compare: sort.compare,
  });
  const entries = useMemo(
    () =>
      stable.entries.map((entry) =>
        rows.has(entry.key) ? entry : { ...entry, row: asOver(entry.row) },
      ),
    [stable.entries, rows],
  );
  const selected = chosenAmong(
    chosen,
    stable.entries.flatMap(({ isGone, key }) => (isGone ? [] : [key])),
  );

  /** The chosen rows; without any, the one that has the focus or is open. */
  const meant = (): readonly AlertRow[] => {
    const keys = selected.size > 0 ? [...selected] : [focusedKey() ?? instance ?? ""];
    return keys.flatMap((key) => live.rows.get(key) ?? []);
  };
  const want = (verb: Verb, mayBe: (row: AlertRow) => boolean): void => {
    const those = meant().filter(mayBe);
    if (canAct && those.length > 0)
      setWanted({ verb, rows: verb === "ack" ? those : those.slice(0, 1) });
  };
  useKey("a", "Acknowledge", () => want("ack", isAckable));
  useKey("s", "Shelve", () => want("shelve", isShelvable));

  const ackable = [...selected].flatMap((key) => live.rows.get(key) ?? []).filter(isAckable);
  return (
    <>
      <div class="screen-head">
        <h1>Alerts</h1>
        <Newer rows={stable} />
        {selected.size > 0 && (
          <div class="actions" role="group" aria-label="What is chosen">
            <span class="alerts-chosen">{selected.size} chosen</span>
            <button
              type="button"
              class="button button-main"
              disabled={ackable.length === 0}
              onClick={() => setWanted({ verb: "ack", rows: ackable })}
            >
              Ack {ackable.length}
            </button>
            <button type="button" class="button" onClick={() => setChosen(new Set())}>
              Choose none
            </button>
          </div>
        )}
      </div>
      <Tabs
        label="Lists of alerts"
        name="list"
        tabs={[
          { id: "active", word: listWords.active, count: counts.active },
          ...alertLists.slice(isHub ? 1 : -1).map((id) => ({
            id,
            word: listWords[id],
            count: id === "history" ? undefined : counts[id],
          })),
        ]}
      />
      <div class={instance === undefined ? "alerts-split" : "alerts-split alerts-split-open"}>
        <div class="alerts-main">
          <div class="alerts-tools">
            <Filters names={["filter", "group"]}>
              <SearchField label="Filter alerts" placeholder="rule, device, site or label" />
              <ChoiceField
                name="group"
                label="Group by"
                any="nothing"
                choices={groupings.slice(1).map((id) => ({ id, word: id }))}
              />
            </Filters>
          </div>
          {!isLoaded && !problem && <LoadingPanel what="Looking for alerts" />}
          {isLoaded && stable.entries.length === 0 && (
            <AlertsEmpty list={list} isFiltered={filter !== ""} />
          )}
          {stable.entries.length > 0 && (
            <AlertsTables
              columns={columns}
              entries={entries}
              sort={sort}
              {...(canAct && list !== "history"
                ? { selection: { keys: selected, onChange: setChosen } }
                : {})}
            />
          )}
          <FiguresLine />
        </div>
        {instance !== undefined && (
          <AlertDetails
            key={instance}
            instance={instance}
            row={live.rows.get(instance)}
            onVerb={(verb, row) => setWanted({ verb, rows: [row] })}
          />
        )}
      </div>
      {wanted && (
        <VerbDialog
          {...wanted}
          onDone={() => {
            setChosen(new Set());
            again();
          }}
          onClose={() => setWanted(undefined)}
        />
      )}
    </>
  );
}

/** The row in which the focus is. */
function focusedKey(): string | undefined {
  const row = document.activeElement?.closest(".alerts-main [data-key]");
  return row instanceof HTMLElement ? row.dataset["key"] : undefined;
}
