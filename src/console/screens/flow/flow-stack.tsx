/** The flow on a narrow page: the steps below each other, with what comes in at each node. */
import { Icon } from "../../parts/icon.tsx";
import { Pill } from "../../parts/pill.tsx";
import { edgeLines } from "./edge-text.ts";
import { columnsOf } from "./flow-columns.ts";
import type { DrawnFlow } from "./flow-groups.ts";
import { hrefOf } from "./flow-picture.tsx";
import { stateIcons, stateTones, stateWords } from "./flow-words.ts";

export function FlowStack({ drawn: { edges, nodes } }: { readonly drawn: DrawnFlow }) {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return (
    <ol class="flow-stack">
      {columnsOf(nodes, edges).map((column) => (
        <li key={column.word}>
          <h2>{column.word}</h2>
          <ul>
            {column.nodes.map((node) => (
              <li key={node.id} class="card flow-stack-node">
                <a href={hrefOf(node)}>{node.name}</a>
                <Pill
                  word={stateWords[node.state]}
                  icon={stateIcons[node.state]}
                  tone={stateTones[node.state]}
                  isPlain
                />
                <p class="soft">{node.text}</p>
                {edges
                  .filter(({ to }) => to === node.id)
                  .map((edge) => (
                    <p key={edge.from} class="faint">
                      {[`from ${names.get(edge.from)}`, ...edgeLines(edge)].join(", ")}
                    </p>
                  ))}
              </li>
            ))}
          </ul>
          <span class="flow-stack-arrow" aria-hidden="true">
            <Icon name="draining" />
          </span>
        </li>
      ))}
    </ol>
  );
}
