/** The flow as a gateway alone knows it: its devices, itself, and where its events go. */
import type { Flow, FlowNode } from "../../../api/shapes/flow.ts";
import type { GatewayNow, LinkWord, StatusRow } from "../../../api/shapes/status.ts";
import { counted } from "../../../core/counted.ts";
import { formatDuration } from "../../../core/duration.ts";
import { toGatewayId } from "../../../core/ids.ts";
import { formatSize } from "../../../core/size.ts";
import { gatewayStream } from "../../../core/subject.ts";

const linkStates: Readonly<Record<LinkWord, FlowNode["state"]>> = {
  linked: "ok",
  connecting: "waiting",
  buffering: "waiting",
  draining: "waiting",
  blocked: "down",
  dropping: "down",
};

/** Rows of the topic: `n:…` are nodes, `e:…` are edges; none where this process runs no gateway. */
export function gatewayFlowRows(status: StatusRow): ReadonlyMap<string, object> {
  const { edges, nodes } = status.gateway
    ? flowOf(status, status.gateway)
    : { nodes: [], edges: [] };
  return new Map<string, object>([
    ...nodes.map((node) => [`n:${node.id}`, node] as const),
    ...edges.map((edge) => [`e:${edge.from}>${edge.to}`, edge] as const),
  ]);
}

function flowOf(
  { atMs, devices }: StatusRow,
  { buffer, flow, gateway, link, uptimeMs }: GatewayNow,
): Omit<Flow, "atMs"> {
  const states = Object.entries(devices);
  const total = states.reduce((sum, [, count]) => sum + count, 0);
  const ids = { devices: `devices:${gateway}`, gateway: `gateway:${gateway}` };
  const stream = gatewayStream(toGatewayId(gateway));
  const isLinked = link.word === "linked" || link.word === "draining";
  return {
    nodes: [
      {
        ...{ id: ids.devices, kind: "devices", name: counted(total, "device"), path: "/devices" },
        state: states.some(([state, count]) => state !== "ok" && count > 0) ? "waiting" : "ok",
        text: states.map(([state, count]) => `${count} ${state.replaceAll("-", " ")}`).join(", "),
        facts: [],
      },
      {
        ...{ id: ids.gateway, kind: "gateway", name: gateway, path: "/" },
        state: linkStates[link.word],
        text: link.word,
        facts: [
          ...(link.reason === null ? [] : [{ name: "reason", value: link.reason }]),
          { name: "up for", value: formatDuration(uptimeMs) },
          { name: "waiting", value: counted(buffer.events, "event") },
          { name: "rejected", value: String(flow.rejected) },
        ],
      },
      {
        ...{ id: `stream:${stream}`, kind: "stream", name: stream, path: null },
        state: isLinked ? "ok" : "unknown",
        text: isLinked ? (link.server ?? "connected") : "out of reach",
        facts: [{ name: "room of the buffer", value: formatSize(buffer.maxBytes) }],
      },
    ],
    edges: [
      {
        ...{ from: ids.devices, to: ids.gateway, perS: flow.inPerS },
        ...{ lagMs: null, backlog: null, backlogBytes: null },
      },
      {
        ...{ from: ids.gateway, to: `stream:${stream}`, perS: flow.outPerS },
        lagMs: buffer.oldestMs === null ? 0 : Math.max(0, atMs - buffer.oldestMs),
        ...{ backlog: buffer.events, backlogBytes: buffer.bytes },
      },
    ],
  };
}
