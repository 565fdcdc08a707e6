/** How all gateways are together, for the row that says how the process is. */
import type { StatusRow } from "../../../api/shapes/status.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import { isObject } from "../../../core/is-object.ts";
import { countStates } from "../../../gateway/registry/device-rows.ts";
import type { Backbone } from "../../../stream/backbone.ts";
import type { FleetFollower } from "../../../view/fleet/fleet-follower.ts";
import type { RoleSurroundings } from "../../role.ts";
import type { AlertTally } from "../alerts/alert-counts.ts";
import type { AllGateways } from "../devices/all-gateways.ts";
import type { BackboneLook } from "../system/backbone-look.ts";
import { howFar } from "../system/processor-rows.ts";
import type { HubStatus } from "./status-desk.ts";

const lookEveryMs = 5_000;

export interface HubStatusParts {
  readonly backbone: Backbone;
  readonly fleet: FleetFollower;
  readonly all: AllGateways;
  readonly tally: AlertTally;
  readonly look: BackboneLook;
  readonly site: () => LoadedSite;
  readonly statusHere: RoleSurroundings["statusHere"];
}

export function hubStatus(parts: HubStatusParts): HubStatus {
  const { all, backbone, fleet, tally } = parts;
  const { state } = backbone;
  const isConnected = state.kind === "connected";
  const gateways = [...fleet.gateways];
  const devices: Record<string, number> = {};
  for (const { devices: sources } of all)
    for (const [word, count] of Object.entries(countStates(sources)))
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
    alerts: { ...tally.now.firing, unacknowledged: tally.now.unacknowledged },
    historian: historianNow(parts),
  };
}

function historianNow({ look, site, statusHere }: HubStatusParts): StatusRow["historian"] {
  const { seen } = look;
  void look.refresh(lookEveryMs);
  if (!site().config.historian && !seen?.saved.historian) return null;
  const status = statusHere("historian");
  const failing = isObject(status) ? status["failing"] : undefined;
  const trouble = isObject(failing) ? String(failing["reason"]) : null;
  return {
    behindMs: seen ? howFar(seen, ({ name }) => name === "historian").lagMs : null,
    trouble,
  };
}
