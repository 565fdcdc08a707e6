/** The lines between nodes: forward as curves, back below everything. */
import { nodeHeight, nodeWidth } from "./node-size.ts";

/** Where a node stands: its corner at the top and left. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Of an SVG path: from the right side of one to the left side of the other. */
export function forwardPath(from: Place, to: Place): string {
  const x1 = round(from.x + nodeWidth);
  const y1 = round(from.y + nodeHeight / 2);
  const x2 = round(to.x);
  const y2 = round(to.y + nodeHeight / 2);
  const bend = round((x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/** Down from one, along the lane at `laneY`, and up to each of the others. */
export function backPath(from: Place, to: readonly Place[], laneY: number): string {
  const start = downX(from);
  const y = round(laneY);
  const left = Math.min(start, ...to.map(upX));
  const right = Math.max(start, ...to.map(upX));
  const ups = to.map((place) => `M${upX(place)} ${y}V${round(place.y + nodeHeight)}`);
  return `M${start} ${round(from.y + nodeHeight)}V${y}M${left} ${y}H${right}${ups.join("")}`;
}

/** The middle of a lane. */
export function laneMiddle(from: Place, to: readonly Place[]): number {
  const ends = [downX(from), ...to.map(upX)];
  return round((Math.min(...ends) + Math.max(...ends)) / 2);
}

/** What goes back leaves a node beside the place where others arrive. */
function downX({ x }: Place): number {
  return round(x + nodeWidth / 2 + 12);
}

function upX({ x }: Place): number {
  return round(x + nodeWidth / 2 - 12);
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
