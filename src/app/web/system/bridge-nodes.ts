/** Bridges and their targets as nodes of the flow. */
import type { FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";
import type { TargetOptions } from "../../../bridge/options.ts";
import { counted } from "../../../core/counted.ts";
import { alertsStream, gatewayStreamPrefix } from "../../../core/subject.ts";
import type { BackboneSeen } from "./backbone-look.ts";
import { type BridgeRow, bridgeRows } from "./bridge-rows.ts";
import type { ReadingEdge } from "./reading-edge.ts";

const none = { perS: null, lagMs: null, backlog: null, backlogBytes: null };
const path = "/system?tab=processors";

/** Nothing where no target is named here and nobody carries to one. */
export function bridgeNodes(
  seen: BackboneSeen,
  targets: readonly TargetOptions[],
  reading: ReadingEdge,
): { readonly nodes: readonly FlowNode[]; readonly edges: readonly FlowEdge[] } {
  const rows = bridgeRows(seen, targets);
  if (rows.length === 0) return { nodes: [], edges: [] };
  const { bridges } = seen.saved;
  const isThere = bridges.length > 0;
  const bridge: FlowNode = {
    ...{ id: "bridge", kind: "bridge", name: "bridge", path },
    state: isThere ? "ok" : "down",
    text: isThere
      ? `carries to ${counted(rows.length, "target")}`
      : "no bridge is there: start one",
    facts: bridges.map(({ holds, name }) => ({
      name,
      value: counted(Object.keys(holds).length, "share"),
    })),
  };
  // The slowest of the targets is how far the bridge is.
  const slowest = rows.toSorted((one, other) => other.behind - one.behind)[0]?.target ?? "";
  const read = seen.streams.filter(({ name }) => name.startsWith(gatewayStreamPrefix));
  const hasAlerts =
    rows.some(({ options }) => options?.what.alerts === true) &&
    seen.streams.some(({ name }) => name === alertsStream);
  return {
    nodes: [bridge, ...rows.map(targetNode)],
    edges: [
      ...read.map(({ name }) => ({
        ...{ from: `stream:${name}`, to: "bridge", ...none },
        ...reading(name, `bridge ${slowest}`),
      })),
      ...(hasAlerts ? [{ from: `stream:${alertsStream}`, to: "bridge", ...none }] : []),
      ...rows.map(({ behind, lagMs, target }) => ({
        ...{ from: "bridge", to: targetId(target), ...none, lagMs, backlog: behind },
      })),
    ],
  };
}

function targetNode(row: BridgeRow): FlowNode {
  const { aside, behind, carriedBy, options, savedMs, target, trouble } = row;
  const isFailing = trouble?.sinceMs !== undefined;
  const isNobodys = carriedBy.length === 0;
  return {
    ...{ id: targetId(target), kind: "target", name: target, path },
    state: isFailing ? "down" : isNobodys ? "unknown" : behind > 0 ? "waiting" : "ok",
    text: isFailing
      ? trouble.reason
      : isNobodys
        ? "nobody carries to it"
        : behind > 0
          ? `${behind} behind`
          : "has everything",
    facts: [
      { name: "kind", value: options?.kind ?? "not known here" },
      { name: "behind", value: String(behind) },
      { name: "refused", value: String(aside.refused) },
      { name: "skipped", value: String(aside.skipped) },
      { name: "missed", value: String(aside.gap) },
      ...(carriedBy.length === 0 ? [] : [{ name: "carried by", value: carriedBy.join(", ") }]),
      ...timeFact("place saved", savedMs),
      ...timeFact("takes nothing since", trouble?.sinceMs),
      ...(trouble === undefined
        ? []
        : [{ name: isFailing ? "because" : "last failure, over now", value: trouble.reason }]),
      ...(trouble?.item === undefined ? [] : [{ name: "what does not go", value: trouble.item }]),
    ],
  };
}

function targetId(target: string): string {
  return `target:${target}`;
}

function timeFact(name: string, timeMs: number | undefined) {
  return timeMs === undefined ? [] : [{ name, value: new Date(timeMs).toISOString() }];
}
