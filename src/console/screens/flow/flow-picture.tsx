/** The flow as a picture: nodes in columns, and what goes between them on the lines. */
import { useMemo, useState } from "preact/hooks";
import { hrefWith } from "../../state/place.ts";
import { edgeLines, edgeWeight } from "./edge-text.ts";
import type { DrawnFlow, DrawnNode } from "./flow-groups.ts";
import { layOutFlow, type PlacedEdge } from "./flow-layout.ts";
import { NodeBox } from "./node-box.tsx";

interface FlowPictureProps {
  readonly drawn: DrawnFlow;
  readonly width: number;
  readonly chosen: string | undefined;
}

const lineHeight = 13;

export function FlowPicture({ drawn, width, chosen }: FlowPictureProps) {
  const layout = useMemo(() => layOutFlow(drawn, width), [drawn, width]);
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
        {layout.edges.map((placed) => (
          <EdgeLabel
            key={`${placed.edge.from} ${placed.edge.to}`}
            {...placed}
            ends={`${names.get(placed.edge.from)} to ${names.get(placed.edge.to)}`}
            isFaint={isFaint(placed)}
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

interface EdgeLabelProps extends PlacedEdge {
  /** `gw1 to GW_gw1`. */
  readonly ends: string;
  readonly isFaint: boolean;
}

function EdgeLabel({ edge, ends, isFaint, labelX, labelY }: EdgeLabelProps) {
  const lines = edgeLines(edge);
  if (lines.length === 0) return null;
  const width = 7 + 6.2 * Math.max(...lines.map(({ length }) => length));
  const height = 4 + lineHeight * lines.length;
  const top = labelY - height / 2;
  return (
    <g class={isFaint ? "flow-label flow-faint" : "flow-label"}>
      <title>{`${ends}: ${lines.join(", ")}`}</title>
      <rect x={labelX - width / 2} y={top} width={width} height={height} rx="3" />
      {lines.map((line, index) => (
        <text key={line} x={labelX} y={top + 12 + index * lineHeight}>
          {line}
        </text>
      ))}
    </g>
  );
}
