/** The flow as tables: all that the picture shows, and each node of a group. */
import type { FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";
import { bytesText, countText, rateText } from "../../parts/number-text.ts";
import { Pill } from "../../parts/pill.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { spanText } from "../../parts/time-text.ts";
import { hrefWith } from "../../state/place.ts";
import { kindWords, stateIcons, stateTones, stateWords } from "./flow-words.ts";

interface FlowTablesProps {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

export function FlowTables({ edges, nodes }: FlowTablesProps) {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const link = (id: string) => <a href={hrefWith({ node: id })}>{names.get(id) ?? id}</a>;
  return (
    <div class="flow-tables">
      <PlainTable
        label="What runs"
        heads={["Name", "Kind", "State", "In words"]}
        rows={nodes}
        keyOf={({ id }) => id}
        cells={({ id, kind, state, text }) => [
          link(id),
          kindWords(kind, 1),
          <Pill
            word={stateWords[state]}
            icon={stateIcons[state]}
            tone={stateTones[state]}
            isPlain
          />,
          text,
        ]}
      />
      <PlainTable
        label="What goes from one to the next"
        heads={["From", "To", "Events a second", "Behind", "Waiting", "Bytes waiting"]}
        rows={edges}
        keyOf={({ from, to }) => `${from} ${to}`}
        cells={({ backlog, backlogBytes, from, lagMs, perS, to }) => [
          link(from),
          link(to),
          known(perS, rateText),
          known(lagMs, spanText),
          known(backlog, countText),
          known(backlogBytes, bytesText),
        ]}
      />
    </div>
  );
}

function known(value: number | null, text: (value: number) => string): string {
  return value === null ? "–" : text(value);
}
