/** What is written beside the nodes of the picture of the edges between them, and where. */
import type { FlowEdge } from "../../../api/shapes/flow.ts";
import { type Place, round } from "./edge-curves.ts";
import { sumOf } from "./join-edges.ts";
import { nodeHeight, nodeWidth } from "./node-size.ts";

export interface EdgeLabel {
  /** One edge, or all into one node as one. */
  readonly edge: FlowEdge;
  /** The middle of the text. */
  readonly x: number;
  /** Where the line is: the rate stands on it. */
  readonly lineY: number;
  /** Where there is room for the rest. */
  readonly belowY: number;
}

/**
 * One for each edge, at the end where it is alone: where it arrives, or where it leaves when others
 * arrive there as well. Where it is alone at neither end, there is one for all that arrive.
 */
export function labelEdges(
  edges: readonly FlowEdge[],
  placeOf: (id: string) => Place,
  gap: number,
): readonly EdgeLabel[] {
  const out = groupBy(edges, ({ from }) => from);
  const into = groupBy(edges, ({ to }) => to);
  return [...into.values()].flatMap((arriving): EdgeLabel[] => {
    const areAloneThere = arriving.every(({ from }) => out.get(from)?.length === 1);
    if (arriving.length > 1 && areAloneThere)
      return arriving.map((edge) => {
        const { x, y } = placeOf(edge.from);
        return labelAt(edge, x + nodeWidth + gap / 2, y);
      });
    const edge = sumOf(arriving);
    const { x, y } = placeOf(edge.to);
    return [labelAt(edge, x - gap / 2, y)];
  });
}

function labelAt(edge: FlowEdge, x: number, y: number): EdgeLabel {
  return {
    ...{ edge, x: round(x) },
    lineY: round(y + nodeHeight / 2),
    belowY: round(y + nodeHeight),
  };
}

function groupBy(
  edges: readonly FlowEdge[],
  keyOf: (edge: FlowEdge) => string,
): ReadonlyMap<string, readonly FlowEdge[]> {
  const groups = new Map<string, FlowEdge[]>();
  for (const edge of edges) {
    const group = groups.get(keyOf(edge));
    if (group) group.push(edge);
    else groups.set(keyOf(edge), [edge]);
  }
  return groups;
}
