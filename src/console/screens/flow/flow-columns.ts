/** The steps of the way, from devices on the left to people on the right. */
import type { FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";

/** A stream that they write stands behind them, unless it leads back to gateways. */
const judges: ReadonlySet<FlowNode["kind"]> = new Set<FlowNode["kind"]>(["processor", "plans"]);

const steps: Readonly<Record<FlowNode["kind"], number>> = {
  devices: 0,
  gateway: 1,
  stream: 2,
  processor: 3,
  plans: 3,
  historian: 3,
  database: 4,
  notifier: 5,
  receiver: 6,
};
const streamOfAlerts = 4;

/** Columns that have nodes, each in the order in which its nodes were given. */
export function columnsOf<Node extends Pick<FlowNode, "id" | "kind">>(
  nodes: readonly Node[],
  edges: readonly FlowEdge[],
): readonly (readonly Node[])[] {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const judged = new Set<string>();
  const commanding = new Set<string>();
  for (const { from, to } of edges) {
    if (judges.has(kinds.get(from) ?? "stream")) judged.add(to);
    if (kinds.get(to) === "gateway") commanding.add(from);
  }
  const columns = new Map<number, Node[]>();
  for (const node of nodes) {
    const isBehind = node.kind === "stream" && judged.has(node.id) && !commanding.has(node.id);
    const step = isBehind ? streamOfAlerts : steps[node.kind];
    const column = columns.get(step);
    if (column) column.push(node);
    else columns.set(step, [node]);
  }
  return [...columns].sort(([one], [other]) => one - other).map(([, members]) => members);
}
