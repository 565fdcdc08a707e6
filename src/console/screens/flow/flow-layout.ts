/** Where nodes and edges of the flow are drawn: the same nodes always stand in the same places. */
import type { FlowEdge } from "../../../api/shapes/flow.ts";
import { backPath, forwardPath, laneMiddle, type Place } from "./edge-curves.ts";
import { type EdgeLabel, labelEdges } from "./edge-labels.ts";
import { columnsOf } from "./flow-columns.ts";
import type { DrawnFlow, DrawnNode } from "./flow-groups.ts";
import { sumOf } from "./join-edges.ts";
import { nodeWidth, rowHeight } from "./node-size.ts";

export interface PlacedNode extends Place {
  readonly node: DrawnNode;
}

export interface PlacedEdge {
  readonly edge: FlowEdge;
  /** Of an SVG path. */
  readonly path: string;
  /** It leads back, below the nodes: all that do from one node are one. */
  readonly isBack: boolean;
}

export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  readonly heads: readonly { readonly word: string; readonly x: number }[];
  /** By column, from top to bottom: the order in which keys go. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly labels: readonly EdgeLabel[];
}

const headHeight = 28;
const laneHeight = 34;
const margin = 4;
const leastGap = 46;

/** Lays `flow` out over `width`, or more where it needs more: a column for each step of the way. */
export function layOutFlow({ edges, nodes }: DrawnFlow, width: number): FlowLayout {
  const columns = columnsOf(nodes, edges);
  const gaps = Math.max(1, columns.length - 1);
  const gap = Math.max(leastGap, (width - 2 * margin - columns.length * nodeWidth) / gaps);
  const step = nodeWidth + gap;
  const rows = Math.max(1, ...columns.map((column) => column.nodes.length));
  const depth = rows * rowHeight;
  const places = new Map<string, PlacedNode & { readonly column: number }>();
  for (const [column, { nodes: members }] of columns.entries()) {
    for (const [row, node] of members.entries()) {
      const place = { x: margin + column * step, y: headHeight + row * rowHeight };
      places.set(node.id, { node, ...place, column });
    }
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
  const lanes = [...back].map(([from, returning], lane) => {
    const y = headHeight + depth + (lane + 0.5) * laneHeight;
    const to = returning.map((edge) => at(edge.to));
    const edge = sumOf(returning);
    return {
      placed: { edge, isBack: true, path: backPath(at(from), to, y) },
      label: { edge, x: laneMiddle(at(from), to), lineY: y, belowY: y },
    };
  });
  return {
    width: Math.max(width, 2 * margin + (columns.length - 1) * step + nodeWidth),
    height: headHeight + depth + lanes.length * laneHeight,
    heads: columns.map(({ word }, column) => ({ word, x: margin + column * step })),
    nodes: [...places.values()].map(({ node, x, y }) => ({ node, x, y })),
    edges: [
      ...forward.map((edge) => ({
        ...{ edge, isBack: false, path: forwardPath(at(edge.from), at(edge.to)) },
      })),
      ...lanes.map(({ placed }) => placed),
    ],
    labels: [...labelEdges(forward, at, gap), ...lanes.map(({ label }) => label)],
  };
}
