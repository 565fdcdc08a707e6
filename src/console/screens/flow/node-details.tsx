/** What is known of one node: its facts, what comes in and what goes out. */
import type { Flow, FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";
import { Icon } from "../../parts/icon.tsx";
import { Pill } from "../../parts/pill.tsx";
import { hrefWith } from "../../state/place.ts";
import { edgeLines } from "./edge-text.ts";
import { kindWords, stateIcons, stateTones, stateWords } from "./flow-words.ts";

interface NodeDetailsProps {
  readonly node: FlowNode;
  readonly flow: Omit<Flow, "atMs">;
}

export function NodeDetails({ node, flow: { edges, nodes } }: NodeDetailsProps) {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const into = edges.filter(({ to }) => to === node.id);
  const out = edges.filter(({ from }) => from === node.id);
  return (
    <section class="card flow-details" aria-labelledby="flow-details-title">
      <div class="flow-details-head">
        <h2 id="flow-details-title">
          {kindWords(node.kind, 1)} {node.name}
        </h2>
        <Pill
          word={stateWords[node.state]}
          icon={stateIcons[node.state]}
          tone={stateTones[node.state]}
        />
        <span>{node.text}</span>
        <div class="actions">
          {node.path !== null && (
            <a class="button" href={node.path}>
              Open
            </a>
          )}
          <a
            class="button button-plain"
            href={hrefWith({ node: undefined })}
            aria-label="Close the details"
          >
            <Icon name="close" />
          </a>
        </div>
      </div>
      {node.facts.length > 0 && (
        <dl class="flow-facts">
          {node.facts.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <div class="flow-ends">
        <Ends title="What comes in" edges={into} end="from" names={names} />
        <Ends title="What goes out" edges={out} end="to" names={names} />
      </div>
    </section>
  );
}

interface EndsProps {
  readonly title: string;
  readonly edges: readonly FlowEdge[];
  readonly end: "from" | "to";
  readonly names: ReadonlyMap<string, string>;
}

const mostEnds = 20;

function Ends({ title, edges, end, names }: EndsProps) {
  if (edges.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {edges.slice(0, mostEnds).map((edge) => (
          <li key={edge[end]}>
            <a href={hrefWith({ node: edge[end] })}>{names.get(edge[end]) ?? edge[end]}</a>{" "}
            <span class="soft">{edgeLines(edge).join(", ")}</span>
          </li>
        ))}
        {edges.length > mostEnds && <li class="soft">and {edges.length - mostEnds} more</li>}
      </ul>
    </div>
  );
}
