/** What is written on an edge: how much goes, how far the reader is behind, how much waits. */
import type { FlowEdge } from "../../../api/shapes/flow.ts";
import { countText, rateText } from "../../parts/number-text.ts";
import { spanText } from "../../parts/time-text.ts";

/** `24.0/s`, `0.4 s behind`, `12 waiting`. */
export function edgeLines(edge: FlowEdge): readonly string[] {
  return [...rateLine(edge), ...behindLines(edge)];
}

/** Short enough to stand between two nodes. */
export function rateLine({ perS }: FlowEdge): readonly string[] {
  return perS === null ? [] : [`${rateText(perS)}/s`];
}

/** Less than this is how long a message is on its way. */
const leastLagMs = 100;

/** How far the reader is behind, and how much waits; nothing where it is not behind. */
export function behindLines({ backlog, lagMs }: FlowEdge): readonly string[] {
  return [
    ...(lagMs === null || lagMs < leastLagMs ? [] : [`${spanText(lagMs)} behind`]),
    ...(backlog === null || backlog === 0 ? [] : [`${countText(backlog)} waiting`]),
  ];
}

/** How wide its line is drawn, for how much goes: a hundred times as much is one step wider. */
export function edgeWeight({ perS }: FlowEdge): 1 | 2 | 3 {
  if (perS === null || perS < 10) return 1;
  return perS < 1_000 ? 2 : 3;
}
