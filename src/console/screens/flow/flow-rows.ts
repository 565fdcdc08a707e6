/** The flow out of the rows of its topic. */
import type { Flow, FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";

/** Rows `n:…` are nodes, rows `e:…` are edges. */
export type FlowRow = FlowNode | FlowEdge;

export function flowOfRows(rows: ReadonlyMap<string, FlowRow>): Omit<Flow, "atMs"> {
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  for (const row of rows.values()) {
    if ("kind" in row) nodes.push(row);
    else edges.push(row);
  }
  return { nodes, edges };
}
