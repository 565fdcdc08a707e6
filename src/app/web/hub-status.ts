/** How all gateways are together, for the row that says how the process is. */

import { countStates } from "../../gateway/registry/device-rows.ts";
import type { Backbone } from "../../stream/backbone.ts";
import type { FleetFollower } from "../../view/fleet/fleet-follower.ts";
import type { HubAlerts } from "./hub-alerts.ts";
import type { HubStatus } from "./status-desk.ts";

export function hubStatus(backbone: Backbone, fleet: FleetFollower, alerts: HubAlerts): HubStatus {
  const { state } = backbone;
  const isConnected = state.kind === "connected";
  const gateways = [...fleet.gateways];
  const devices: Record<string, number> = {};
  for (const { view } of gateways)
    for (const [word, count] of Object.entries(countStates(view)))
      devices[word] = (devices[word] ?? 0) + count;
  return {
    hub: {
      connected: isConnected,
      sinceMs: state.since,
      server: isConnected ? state.server : null,
      reason: isConnected ? null : (state.failure?.message ?? "it has not answered yet"),
      gateways: gateways.length,
      gatewaysAway: gateways.filter((one) => fleet.isAway(one)).length,
    },
    devices,
    alerts: alertCounts(alerts),
  };
}

function alertCounts(alerts: HubAlerts): NonNullable<HubStatus["alerts"]> {
  const counts = { critical: 0, warning: 0, info: 0, unacknowledged: 0 };
  for (const [, { isFiring, severity, state }] of alerts.rows()) {
    const isHidden = state === "suppressed" || state === "shelved" || state === "out-of-service";
    if (isFiring && !isHidden) counts[severity] += 1;
    if (state === "unacknowledged" || state === "returned-unacknowledged")
      counts.unacknowledged += 1;
  }
  return counts;
}
