/** What the list of devices shows of each. */
import type { DeviceRow } from "../../../api/shapes/device.ts";
import { DeviceStatePill } from "../../parts/device-state-pill.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Moment } from "../../parts/moment.tsx";
import { countText } from "../../parts/number-text.ts";
import { by, type Column } from "../../parts/table-column.ts";
import { spanText } from "../../parts/time-text.ts";
import { quantityText, unitText } from "../../parts/unit-text.ts";
import { alertsOf } from "./device-filter.ts";
import { byAttention, byName } from "./device-order.ts";

const severities = ["critical", "warning", "info"] as const;

export const deviceColumns: readonly Column<DeviceRow>[] = [
  {
    ...{ id: "name", head: "Device", isMain: true, compare: byName },
    cell: ({ device }) => <bdi title={device}>{device}</bdi>,
  },
  {
    ...{ id: "attention", head: "State", compare: byAttention },
    cell: ({ state }) => <DeviceStatePill state={state} isPlain />,
  },
  { ...{ id: "values", head: "Last values" }, cell: Values },
  {
    ...{ id: "seen", head: "Last seen", compare: by((row: DeviceRow) => -(row.lastMs ?? 0)) },
    cell: ({ lastMs }) => (lastMs === null ? <None /> : <Moment atMs={lastMs} />),
  },
  {
    ...{ id: "rate", head: "Every", isNumber: true, isExtra: true },
    compare: by((row) => row.everyMs),
    cell: ({ everyMs }) => (everyMs === null ? <None /> : spanText(everyMs)),
  },
  {
    ...{ id: "link", head: "Link", isExtra: true, compare: by((row) => row.link) },
    cell: ({ link }) => link ?? <None />,
  },
  {
    ...{ id: "profile", head: "Profile", isExtra: true, compare: by((row) => row.profile) },
    cell: ({ profile }) => (profile === null ? <None /> : <bdi title={profile}>{profile}</bdi>),
  },
  { ...{ id: "alerts", head: "Alerts", compare: by((row) => -alertsOf(row)) }, cell: Alerts },
  {
    ...{ id: "rejected", head: "Dead letters", isNumber: true, isExtra: true },
    compare: by((row) => -row.rejected),
    cell: ({ rejected }) => (rejected === 0 ? <None /> : countText(rejected)),
  },
];

/** Of which gateway it is, where there are several. */
export const gatewayColumn: Column<DeviceRow> = {
  ...{ id: "gateway", head: "Gateway", isExtra: true, compare: by((row) => row.gateway) },
  cell: ({ gateway }) => <bdi>{gateway}</bdi>,
};

function None() {
  return (
    <span class="faint">
      <span aria-hidden="true">–</span>
      <span class="only-read">none</span>
    </span>
  );
}

/** What has a unit says most; what has none says nothing without its name. */
function Values({ values }: DeviceRow) {
  if (values.length === 0) return <None />;
  const [withUnit, bare] = [values.filter(hasUnit), values.filter((value) => !hasUnit(value))];
  return (
    <span class="devices-values">
      {[...withUnit, ...bare].map(({ name, quality, unit, value }) => (
        <span key={name} title={`${name}, ${quality}`}>
          {quality !== "good" && <Icon name="warning" />}
          {unitText(unit) === "" && <bdi class="faint">{name}</bdi>}{" "}
          <bdi>{quantityText(value, unit)}</bdi>
          {quality !== "good" && <span class="only-read"> {quality}</span>}
        </span>
      ))}
    </span>
  );
}

function hasUnit({ unit }: DeviceRow["values"][number]): boolean {
  return unitText(unit) !== "";
}

function Alerts(row: DeviceRow) {
  if (alertsOf(row) === 0) return <None />;
  return (
    <span class="devices-alerts">
      {severities.map(
        (severity) =>
          row.alerts[severity] > 0 && (
            <span key={severity} class={`devices-${severity}`} title={severity}>
              <Icon name={severity} /> {row.alerts[severity]}
              <span class="only-read"> {severity}</span>
            </span>
          ),
      )}
    </span>
  );
}
