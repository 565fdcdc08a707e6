/** Alerts of one device, as far as they are not over. */
import type { AlertRow } from "../../../api/shapes/alert.ts";
import type { DeviceRow } from "../../../api/shapes/device.ts";
import { Moment } from "../../parts/moment.tsx";
import { EmptyPanel, LoadingPanel } from "../../parts/panels.tsx";
import { SeverityPill } from "../../parts/pill.tsx";
import { useTopic } from "../../state/live.ts";

export function AlertsTab({ row }: { readonly row: DeviceRow }) {
  const { isLoaded, rows } = useTopic<AlertRow>("alerts");
  const own = [...rows.values()].filter(({ deviceKey }) => deviceKey === row.key);
  if (own.length === 0 && !isLoaded) return <LoadingPanel what="Loading alerts" />;
  if (own.length === 0)
    return (
      <EmptyPanel title={`No alert of ${row.device} is open.`} icon="alerts">
        <a href="/alerts">All alerts</a>
      </EmptyPanel>
    );
  return (
    <ul class="device-alerts">
      {own.sort(byUrgency).map((alert) => (
        <li key={alert.instance} class="card">
          <SeverityPill severity={alert.severity} />
          <div>
            <a href={`/alerts/${encodeURIComponent(alert.instance)}`}>{alert.rule}</a>
            <p>{alert.summary}</p>
            <p class="soft">
              {[alert.value, alert.limit].filter((part) => part !== null).join(" ")}{" "}
              {alert.isFiring ? "firing since " : "began "}
              <Moment atMs={alert.firedMs ?? alert.startedMs} show="both" />
              {" · "}
              {alert.state.replaceAll("-", " ")}
              {alert.acked && ` by ${alert.acked.by}`}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

const severities = ["critical", "warning", "info"];

function byUrgency(one: AlertRow, other: AlertRow): number {
  return (
    Number(other.isFiring) - Number(one.isFiring) ||
    severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
    other.startedMs - one.startedMs
  );
}
