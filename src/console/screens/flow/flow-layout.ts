/** Where nodes and edges of the flow are drawn: the same nodes always stand in the same places. */
import type { FlowEdge } from "../../../api/shapes/flow.ts";
import { backCurve, type Curve, fansOf, forwardCurve, type Place } from "./edge-curves.ts";
import { columnsOf } from "./flow-columns.ts";
import type { DrawnFlow, DrawnNode } from "./flow-groups.ts";
import { sumOf } from "./join-edges.ts";
import { nodeHeight, nodeWidth } from "./node-size.ts";

export interface PlacedNode {
  readonly node: DrawnNode;
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge extends Curve {
  readonly edge: FlowEdge;
  /** It leads back, below the nodes: all that do from one node are one. */
  readonly isBack: boolean;
}

export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  /** By column, from top to bottom: the order in which keys go. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const rowHeight = 64;
const laneHeight = 34;
const margin = 4;
const leastGap = 76;

/** Lays `flow` out over `width`, or more where it needs more: a column for each step of the way. */
export function layOutFlow({ edges, nodes }: DrawnFlow, width: number): FlowLayout {
  const columns = columnsOf(nodes, edges);
  const spread = width - 2 * margin - columns.length * nodeWidth;
  const step = nodeWidth + Math.max(leastGap, spread / Math.max(1, columns.length - 1));
  const depth = rowHeight * Math.max(1, ...columns.map(({ length }) => length));
  const places = new Map<string, PlacedNode & { readonly column: number }>();
  for (const [column, members] of columns.entries()) {
    const top = margin + (depth - members.length * rowHeight + rowHeight - nodeHeight) / 2;
    for (const [row, node] of members.entries())
      places.set(node.id, { node, x: margin + column * step, y: top + row * rowHeight, column });
  }
  const forward: FlowEdge[] = [];
  const back = new Map<string, FlowEdge[]>();
  for (const edge of edges) {
    const from = places.get(edge.from);
    const to = places.get(edge.to);
    if (!from || !to) continue;
    if (to.column > from.column) forward.push(edge);
    else back.set(edge.from, [...(back.get(edge.from) ?? []), edge]);
  }
  const at = (id: string): Place => places.get(id) ?? { x: 0, y: 0 };
  const fans = fansOf(forward);
  const placed = [
    ...forward.map((edge) => ({
      ...{ edge, isBack: false },
      ...forwardCurve(edge, at(edge.from), at(edge.to), fans),
    })),
    ...[...back].map(([from, returning], lane) => ({
      ...{ edge: sumOf(returning), isBack: true },
      ...backCurve(
        at(from),
        returning.map(({ to }) => at(to)),
        margin + depth + (lane + 0.5) * laneHeight,
      ),
    })),
  ];
  return {
    width: Math.max(width, 2 * margin + (columns.length - 1) * step + nodeWidth),
    height: 2 * margin + depth + back.size * laneHeight,
    nodes: [...places.values()].map(({ node, x, y }) => ({ node, x, y })),
    edges: placed,
  };
}
