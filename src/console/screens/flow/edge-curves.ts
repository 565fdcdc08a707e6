/** The lines between nodes: forward as curves, back below everything. */
import type { FlowEdge } from "../../../api/shapes/flow.ts";
import { nodeHeight, nodeWidth } from "./node-size.ts";

/** Where a node stands. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Curve {
  /** Of an SVG path. */
  readonly path: string;
  /** The middle of what is written on it. */
  readonly labelX: number;
  readonly labelY: number;
}

/** How many edges leave each node, and reach it. */
export interface Fans {
  readonly out: ReadonlyMap<string, number>;
  readonly into: ReadonlyMap<string, number>;
}

export function fansOf(edges: readonly FlowEdge[]): Fans {
  const out = new Map<string, number>();
  const into = new Map<string, number>();
  for (const { from, to } of edges) {
    out.set(from, (out.get(from) ?? 0) + 1);
    into.set(to, (into.get(to) ?? 0) + 1);
  }
  return { out, into };
}

/** From the right side of one to the left side of the other. What is written stands at the end where fewer meet. */
export function forwardCurve(edge: FlowEdge, from: Place, to: Place, { into, out }: Fans): Curve {
  const x1 = from.x + nodeWidth;
  const y1 = from.y + nodeHeight / 2;
  const x2 = to.x;
  const y2 = to.y + nodeHeight / 2;
  const bend = (x2 - x1) / 2;
  const outs = out.get(edge.from) ?? 1;
  const ins = into.get(edge.to) ?? 1;
  const t = outs === ins ? 0.5 : ins > outs ? 0.32 : 0.68;
  return {
    path: `M${round(x1)} ${round(y1)}C${round(x1 + bend)} ${round(y1)} ${round(x2 - bend)} ${round(y2)} ${round(x2)} ${round(y2)}`,
    labelX: round(bezier(t, x1, x1 + bend, x2 - bend, x2)),
    labelY: round(bezier(t, y1, y1, y2, y2)),
  };
}

/** Down from one, along the lane at `laneY`, and up to each of the others. */
export function backCurve(from: Place, to: readonly Place[], laneY: number): Curve {
  const start = round(from.x + nodeWidth / 2 + 12);
  const y = round(laneY);
  const ends = to.map(({ x }) => round(x + nodeWidth / 2 - 12));
  const ups = to.map((place, index) => `M${ends[index]} ${y}V${round(place.y + nodeHeight)}`);
  const left = Math.min(start, ...ends);
  return {
    path: `M${start} ${round(from.y + nodeHeight)}V${y}H${left}${ups.join("")}`,
    labelX: round((start + left) / 2),
    labelY: y,
  };
}

function bezier(t: number, p0: number, p1: number, p2: number, p3: number): number {
  const s = 1 - t;
  return s * s * s * p0 + 3 * s * s * t * p1 + 3 * s * t * t * p2 + t * t * t * p3;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
