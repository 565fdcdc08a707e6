/** A node of the picture: its kind, its name, and how it is, in a shape, a word and a color. */

import { Icon } from "../../parts/icon.tsx";
import type { DrawnNode } from "./flow-groups.ts";
import { kindWords, stateIcons } from "./flow-words.ts";
import { nodeHeight, nodeWidth } from "./node-size.ts";

interface NodeBoxProps {
  readonly node: DrawnNode;
  readonly x: number;
  readonly y: number;
}

/** So much of a text is drawn; all of it is told when pointed at. */
const mostCharacters = 12;
const mostSmallCharacters = 11;

export function NodeBox({ node, x, y }: NodeBoxProps) {
  const { count, kind, name, state, text } = node;
  return (
    <g transform={`translate(${x} ${y})`}>
      <title>{`${kindWords(kind, count)} ${name}: ${text}`}</title>
      <rect class="flow-node-box" width={nodeWidth} height={nodeHeight} rx="6" />
      {count > 1 && <path class="flow-node-more" d={`M4 ${nodeHeight + 3}H${nodeWidth - 4}`} />}
      <text class="flow-node-name" x="10" y="19">
        {cut(name, mostCharacters)}
      </text>
      <g transform="translate(9 25) scale(0.8)">
        <Icon name={stateIcons[state]} />
      </g>
      <text class="flow-node-text" x="26" y="36">
        {cut(text, mostSmallCharacters)}
      </text>
    </g>
  );
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
