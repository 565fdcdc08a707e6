/** Devices and gateways as nodes of the flow: each gateway, and all of its devices as one. */
import type { FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";
import { counted } from "../../../core/counted.ts";
import { formatDuration } from "../../../core/duration.ts";
import { commandsStream, gatewayStream } from "../../../core/subject.ts";
import { countStates } from "../../../gateway/registry/device-rows.ts";
import type { FleetFollower, FollowedGateway } from "../../../view/fleet/fleet-follower.ts";
import type { BackboneSeen } from "./backbone-look.ts";

export interface GatewayNodes {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

export function* deviceNodes(seen: BackboneSeen, fleet: FleetFollower): Iterable<GatewayNodes> {
  const hasCommands = seen.streams.some(({ name }) => name === commandsStream);
  for (const one of fleet.gateways) yield nodesOf(seen, one, fleet.isAway(one), hasCommands);
}

function nodesOf(
  seen: BackboneSeen,
  { gateway: { gateway, site }, lastStoredMs, view }: FollowedGateway,
  isAway: boolean,
  hasCommands: boolean,
): GatewayNodes {
  const states = Object.entries(countStates(view));
  const total = states.reduce((sum, [, count]) => sum + count, 0);
  const troubled = states.filter(([state]) => state !== "ok");
  const id = `gateway:${gateway}`;
  const stream = gatewayStream(gateway);
  const perS = seen.rates.perS(stream) ?? null;
  const { watermarkMs } = view;
  const lagMs = watermarkMs === undefined ? null : Math.max(0, seen.atMs - watermarkMs);
  const none = { lagMs: null, backlog: null, backlogBytes: null };
  const nodes: FlowNode[] = [
    {
      ...{ id: `devices:${gateway}`, kind: "devices", name: counted(total, "device") },
      state: isAway ? "unknown" : troubled.length > 0 ? "waiting" : "ok",
      text: states.map(([state, count]) => `${count} ${state.replaceAll("-", " ")}`).join(", "),
      facts: states.map(([name, count]) => ({ name, value: String(count) })),
      path: "/devices",
    },
    {
      ...{ id, kind: "gateway", name: gateway, state: isAway ? "down" : "ok" },
      text: isAway
        ? `away${lagMs === null ? "" : `; has told everything up to ${formatDuration(lagMs)} ago`}`
        : "linked",
      facts: [
        { name: "site", value: site },
        ...timeFact("last stored", lastStoredMs),
        ...timeFact("has told everything up to", watermarkMs),
      ],
      path: null,
    },
  ];
  const edges: FlowEdge[] = [
    { from: `devices:${gateway}`, to: id, ...none, perS },
    { from: id, to: `stream:${stream}`, ...none, perS, lagMs },
    ...(hasCommands ? [{ from: `stream:${commandsStream}`, to: id, ...none, perS: null }] : []),
  ];
  return { nodes, edges };
}

function timeFact(name: string, timeMs: number | undefined) {
  return timeMs === undefined ? [] : [{ name, value: new Date(timeMs).toISOString() }];
}
