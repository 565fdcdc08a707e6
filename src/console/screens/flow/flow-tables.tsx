/** The flow as tables: all that the picture shows, and each node of a group. */
import type { FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";
import { bytesText, countText, rateText } from "../../parts/number-text.ts";
import { Pill } from "../../parts/pill.tsx";
import { spanText } from "../../parts/time-text.ts";
import { hrefWith } from "../../state/place.ts";
import { kindWords, stateIcons, stateTones, stateWords } from "./flow-words.ts";

interface FlowTablesProps {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

export function FlowTables({ edges, nodes }: FlowTablesProps) {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return (
    <div class="flow-tables">
      <div class="flow-scroll card">
        <table>
          <caption>What runs</caption>
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Name</th>
              <th scope="col">State</th>
              <th scope="col">In words</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map(({ id, kind, name, state, text }) => (
              <tr key={id}>
                <td>{kindWords(kind, 1)}</td>
                <th scope="row">
                  <a href={hrefWith({ node: id })}>{name}</a>
                </th>
                <td>
                  <Pill
                    word={stateWords[state]}
                    icon={stateIcons[state]}
                    tone={stateTones[state]}
                    isPlain
                  />
                </td>
                <td>{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="flow-scroll card">
        <table>
          <caption>What goes from one to the next</caption>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Events a second</th>
              <th scope="col">Behind</th>
              <th scope="col">Waiting</th>
              <th scope="col">Bytes waiting</th>
            </tr>
          </thead>
          <tbody>
            {edges.map(({ backlog, backlogBytes, from, lagMs, perS, to }) => (
              <tr key={`${from} ${to}`}>
                <td>
                  <a href={hrefWith({ node: from })}>{names.get(from) ?? from}</a>
                </td>
                <td>
                  <a href={hrefWith({ node: to })}>{names.get(to) ?? to}</a>
                </td>
                <td class="number">{perS === null ? "–" : rateText(perS)}</td>
                <td class="number">{lagMs === null ? "–" : spanText(lagMs)}</td>
                <td class="number">{backlog === null ? "–" : countText(backlog)}</td>
                <td class="number">{backlogBytes === null ? "–" : bytesText(backlogBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
