/** All devices: what needs somebody first, narrowed down by what the URL says. */
import type { DeviceRow } from "../../../api/shapes/device.ts";
import { Command } from "../../parts/copy-button.tsx";
import { deviceSayings } from "../../parts/device-state-pill.tsx";
import { ChoiceField, Filters, SearchField, SwitchField } from "../../parts/filters.tsx";
import { countText } from "../../parts/number-text.ts";
import { EmptyPanel, LoadingPanel } from "../../parts/panels.tsx";
import { Newer, Table } from "../../parts/table.tsx";
import { sortOf } from "../../parts/table-column.ts";
import { useIsNarrow } from "../../parts/use-is-narrow.ts";
import { useStableRows } from "../../parts/use-stable-rows.ts";
import { useTopic } from "../../state/live.ts";
import { hrefWith, queryPart } from "../../state/place.ts";
import { deviceColumns, gatewayColumn } from "./device-columns.tsx";
import { deviceStates, filterNames, filterOf, passes } from "./device-filter.ts";
import "./devices.css";

const allColumns = [...deviceColumns.slice(0, 1), gatewayColumn, ...deviceColumns.slice(1)];

export default function DevicesScreen() {
  const { isLoaded, rows } = useTopic<DeviceRow>("devices");
  const columns = areOfSeveral(rows) ? allColumns : deviceColumns;
  const filter = filterOf(queryPart);
  const sort = sortOf(allColumns, "attention");
  const shown = useStableRows(rows, {
    name: JSON.stringify([filter, sort.name]),
    accepts: passes(filter),
    compare: sort.compare,
  });
  const count = shown.entries.length;
  return (
    <>
      <div class="screen-head">
        <h1>Devices</h1>
        <span class="soft" role="status">
          {count === rows.size
            ? countText(count)
            : `${countText(count)} of ${countText(rows.size)}`}
        </span>
        <Newer rows={shown} />
        <div class="actions">
          <a class="button" href="/devices/unread">
            Not read yet
          </a>
        </div>
      </div>
      {rows.size > 0 && (
        <div class="devices-filters">
          <DeviceFilters rows={rows} />
        </div>
      )}
      {!isLoaded && rows.size === 0 ? (
        <LoadingPanel what="Loading devices" />
      ) : rows.size === 0 ? (
        <NoDevices />
      ) : count === 0 ? (
        <NoMatch />
      ) : (
        <Table
          label="Devices"
          columns={columns}
          entries={shown.entries}
          sort={sort}
          hrefOf={(_, key) => `/devices/${encodeURIComponent(key)}`}
          toneOf={toneOf}
        />
      )}
    </>
  );
}

function DeviceFilters({ rows }: { readonly rows: ReadonlyMap<string, DeviceRow> }) {
  const isNarrow = useIsNarrow();
  const profiles = new Set<string>();
  for (const { profile } of rows.values()) if (profile !== null) profiles.add(profile);
  return (
    <Filters names={filterNames}>
      <SearchField label="Search devices" placeholder="Name, gateway, profile" />
      <ChoiceField
        name="state"
        label="State"
        choices={deviceStates.map((id) => ({ id, word: deviceSayings[id].word }))}
      />
      <ChoiceField
        name="profile"
        label="Profile"
        choices={[...profiles].sort().map((id) => ({ id, word: id }))}
      />
      <SwitchField name="alerts" label="Alerts only" />
      <SwitchField name="rejected" label="Has dead letters" />
      {isNarrow && (
        <ChoiceField
          name="sort"
          label="Sort"
          any="needs attention"
          choices={allColumns
            .filter(({ compare, id }) => compare && id !== "attention")
            .map(({ head, id }) => ({ id, word: head.toLowerCase() }))}
        />
      )}
    </Filters>
  );
}

function NoDevices() {
  return (
    <EmptyPanel title="No devices yet." icon="devices">
      <p>
        Point a device at this gateway, or let a simulated one report:{" "}
        <Command text="sluicegate sim" />
      </p>
      <p>
        Something reports and is not here? Then no profile reads its topic yet:{" "}
        <a href="/devices/unread">see what is not read</a>.
      </p>
    </EmptyPanel>
  );
}

function NoMatch() {
  const none = Object.fromEntries(filterNames.map((name) => [name, undefined]));
  return (
    <EmptyPanel title="No device matches these filters." icon="filter">
      <a class="button" href={hrefWith(none)}>
        Show all devices
      </a>
    </EmptyPanel>
  );
}

function toneOf({ alerts, state }: DeviceRow): "critical" | "warning" | undefined {
  if (alerts.critical > 0) return "critical";
  const isWarned = alerts.warning > 0 || !(state === "ok" || state === "never");
  return isWarned ? "warning" : undefined;
}

function areOfSeveral(rows: ReadonlyMap<string, DeviceRow>): boolean {
  let first: DeviceRow | undefined;
  for (const row of rows.values()) {
    if (first && (row.gateway !== first.gateway || row.site !== first.site)) return true;
    first ??= row;
  }
  return false;
}
