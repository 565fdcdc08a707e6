/** The flow as a picture: nodes in columns, and what goes between them on the lines. */
import { Fragment } from "preact";
import { useMemo, useState } from "preact/hooks";
import { hrefWith } from "../../state/place.ts";
import type { EdgeLabel } from "./edge-labels.ts";
import { behindLines, edgeLines, edgeWeight, rateLine } from "./edge-text.ts";
import type { DrawnFlow, DrawnNode } from "./flow-groups.ts";
import { layOutFlow, type PlacedEdge } from "./flow-layout.ts";
import { NodeBox } from "./node-box.tsx";

interface FlowPictureProps {
  readonly drawn: DrawnFlow;
  readonly width: number;
  readonly chosen: string | undefined;
}

/** Of the card around the picture, with its border. */
const padding = 9;
const lineHeight = 13;
const characterWidth = 5.8;

export function FlowPicture({ drawn, width, chosen }: FlowPictureProps) {
  const layout = useMemo(() => layOutFlow(drawn, width - 2 * padding), [drawn, width]);
  const names = new Map(drawn.nodes.map(({ id, name }) => [id, name]));
  const [pointed, setPointed] = useState<string>();
  const near = pointed ?? chosen;
  const isFaint = ({ edge }: PlacedEdge): boolean =>
    near !== undefined && edge.from !== near && edge.to !== near;
  return (
    <div class="flow-scroll card">
      <svg
        class="flow-picture"
        width={layout.width}
        height={layout.height}
        role="group"
        aria-label="What runs, from devices to people. The same as a table: press Table."
      >
        {layout.edges.map((placed) => (
          <path
            key={`${placed.edge.from} ${placed.edge.to}`}
            class={`flow-line flow-line-${edgeWeight(placed.edge)}${placed.isBack ? " flow-line-back" : ""}${isFaint(placed) ? " flow-faint" : ""}`}
            d={placed.path}
          />
        ))}
        {layout.heads.map(({ word, x }) => (
          <text key={word} class="flow-head" x={x} y="14">
            {word}
          </text>
        ))}
        {layout.labels.map((label) => (
          <LabelText
            key={`${label.edge.from} ${label.edge.to}`}
            {...label}
            ends={`${names.get(label.edge.from)} to ${names.get(label.edge.to)}`}
          />
        ))}
        {layout.nodes.map(({ node, x, y }) => (
          <a
            key={node.id}
            class={`flow-node flow-node-${node.state}`}
            href={hrefOf(node)}
            aria-current={node.id === chosen ? "true" : undefined}
            onMouseEnter={() => setPointed(node.id)}
            onMouseLeave={() => setPointed(undefined)}
            onFocus={() => setPointed(node.id)}
            onBlur={() => setPointed(undefined)}
          >
            <NodeBox node={node} x={x} y={y} />
          </a>
        ))}
      </svg>
    </div>
  );
}

/** What stands for several is opened; anything else is told more of below. */
export function hrefOf({ count, id, kind }: DrawnNode): string {
  return count > 1 ? hrefWith({ open: kind }) : hrefWith({ node: id });
}

interface LabelTextProps extends EdgeLabel {
  /** `gw1 to GW_gw1`. */
  readonly ends: string;
}

/** More than so many characters stand on two lines. */
const mostOnLine = 26;

function LabelText({ belowY, edge, ends, lineY, x }: LabelTextProps) {
  const rate = rateLine(edge);
  const behind = behindLines(edge);
  const joined = behind.join(", ");
  const below = joined.length > mostOnLine ? behind : [joined].filter((line) => line !== "");
  const isLane = belowY === lineY;
  return (
    <g class="flow-label">
      <title>{`${ends}: ${edgeLines(edge).join(", ")}`}</title>
      <Lines lines={isLane ? [[...rate, ...behind].join(", ")] : rate} x={x} y={lineY - 8} />
      {!isLane && <Lines lines={below} x={x} y={belowY + 4} />}
    </g>
  );
}

interface LinesProps {
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
}

/** Lines of text on the ground of the card, so that no line is drawn through them. */
function Lines({ lines, x, y }: LinesProps) {
  const width = 6 + characterWidth * Math.max(0, ...lines.map(({ length }) => length));
  return lines.map((line, index) => (
    <Fragment key={line}>
      {line !== "" && (
        <rect x={x - width / 2} y={y + index * lineHeight} width={width} height={lineHeight + 2} />
      )}
      <text x={x} y={y + 11 + index * lineHeight}>
        {line}
      </text>
    </Fragment>
  ));
}
