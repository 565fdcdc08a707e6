/** The steps of the way, from devices on the left to people on the right. */
import type { FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";

type Kind = FlowNode["kind"];

export interface FlowColumn<Node> {
  /** What stands in it. */
  readonly word: string;
  readonly nodes: readonly Node[];
}

/** Kinds of a column stand in this order, from top to bottom. */
const steps: readonly { readonly word: string; readonly kinds: readonly Kind[] }[] = [
  { word: "Devices", kinds: ["devices"] },
  { word: "Gateways", kinds: ["gateway"] },
  { word: "Streams", kinds: ["stream"] },
  { word: "Processing", kinds: ["processor", "historian", "bridge", "plans"] },
  { word: "Results", kinds: ["stream", "database", "target"] },
  { word: "Notifier", kinds: ["notifier"] },
  { word: "Receivers", kinds: ["receiver"] },
];
const streamsStep = 2;
const resultsStep = 4;

/** A stream that these write stands behind them, unless it leads back to gateways. */
const judges: ReadonlySet<Kind> = new Set<Kind>(["processor", "plans"]);

/** Columns that have nodes; those of one kind in the order in which they were given. */
export function columnsOf<Node extends Pick<FlowNode, "id" | "kind">>(
  nodes: readonly Node[],
  edges: readonly FlowEdge[],
): readonly FlowColumn<Node>[] {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const judged = new Set<string>();
  const commanding = new Set<string>();
  for (const { from, to } of edges) {
    if (judges.has(kinds.get(from) ?? "stream")) judged.add(to);
    if (kinds.get(to) === "gateway" && kinds.get(from) === "stream") commanding.add(from);
  }
  const stepOf = ({ id, kind }: Node): number => {
    if (kind !== "stream") return steps.findIndex((step) => step.kinds.includes(kind));
    return judged.has(id) && !commanding.has(id) ? resultsStep : streamsStep;
  };
  return steps.flatMap(({ kinds: own, word }, step) => {
    const members = nodes
      .filter((node) => stepOf(node) === step)
      // What leads back leaves at the bottom.
      .sort(
        (one, other) =>
          Number(commanding.has(one.id)) - Number(commanding.has(other.id)) ||
          own.indexOf(one.kind) - own.indexOf(other.kind),
      );
    return members.length === 0 ? [] : [{ word, nodes: members }];
  });
}
