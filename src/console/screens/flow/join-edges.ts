/** Edges between the same two nodes as one. */
import type { FlowEdge } from "../../../api/shapes/flow.ts";

/** Rates and backlogs add up; what is behind is as far behind as the last of them. */
export function joinEdges(
  edges: readonly FlowEdge[],
  drawnAs: (id: string) => string,
): readonly FlowEdge[] {
  const joined = new Map<string, FlowEdge>();
  for (const edge of edges) {
    const from = drawnAs(edge.from);
    const to = drawnAs(edge.to);
    if (from === to) continue;
    const key = `${from}\n${to}`;
    const before = joined.get(key);
    joined.set(key, before ? join(before, edge) : { ...edge, from, to });
  }
  return [...joined.values()];
}

/** Several as one, from and to where the first of them leads. */
export function sumOf(edges: readonly FlowEdge[]): FlowEdge {
  return edges.reduce(join);
}

function join(one: FlowEdge, other: FlowEdge): FlowEdge {
  return {
    ...one,
    perS: sum(one.perS, other.perS),
    lagMs: most(one.lagMs, other.lagMs),
    backlog: sum(one.backlog, other.backlog),
    backlogBytes: sum(one.backlogBytes, other.backlogBytes),
  };
}

/** What is not known of one is left out; of none, it stays unknown. */
function sum(one: number | null, other: number | null): number | null {
  return one === null ? other : one + (other ?? 0);
}

function most(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
