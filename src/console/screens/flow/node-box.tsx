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
const mostLines = 2;
const lineHeight = 13;

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
      <text class="flow-node-text" y="36">
        {linesOf(text).map((line, index) => (
          <tspan key={index} x="26" dy={index === 0 ? 0 : lineHeight}>
            {line}
          </tspan>
        ))}
      </text>
    </g>
  );
}

/** Broken between words. */
function linesOf(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || joined.length > mostCharacters) lines.push(word);
    else lines[lines.length - 1] = joined;
  }
  const isMore = lines.length > mostLines;
  return lines.slice(0, mostLines).map((line, index) => {
    const goesOn = isMore && index === mostLines - 1;
    return cut(goesOn ? `${line} and more` : line, mostCharacters);
  });
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
