/** Many of one kind as one node: what is well is counted, what is not stands alone. */
import type { Flow, FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";
import { kindWords, stateCounts } from "./flow-words.ts";
import { joinEdges } from "./join-edges.ts";

/** A node; where `count` is more than one, it stands for so many of its kind. */
export interface DrawnNode extends FlowNode {
  readonly count: number;
}

export interface DrawnFlow {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly FlowEdge[];
}

/** So many of a kind are drawn one by one. */
const mostAlone = 8;
/** Where there are more, so many of those that are not well, or stand beside one that is not. */
const mostWorst = 6;

/** Nodes stand by kind and name, so that none moves when its state changes; `opened` kinds are whole. */
export function groupFlow(
  { edges, nodes }: Omit<Flow, "atMs">,
  opened: ReadonlySet<string>,
): DrawnFlow {
  const urgency = urgencyOf(nodes, edges);
  const groupOf = new Map<string, string>();
  const drawn: DrawnNode[] = [];
  for (const [kind, members] of byKind(nodes)) {
    const alone = opened.has(kind) ? members : standAlone(members, urgency);
    const aloneIds = new Set(alone.map(({ id }) => id));
    const rest = members.filter(({ id }) => !aloneIds.has(id));
    drawn.push(...alone.map((node) => ({ ...node, count: 1 })));
    if (rest.length === 0) continue;
    const group = groupNode(kind, rest, alone.length > 0);
    for (const { id } of rest) groupOf.set(id, group.id);
    drawn.push(group);
  }
  return { nodes: drawn, edges: joinEdges(edges, (id) => groupOf.get(id) ?? id) };
}

function byKind(nodes: readonly FlowNode[]): Map<FlowNode["kind"], FlowNode[]> {
  const kinds = new Map<FlowNode["kind"], FlowNode[]>();
  for (const node of [...nodes].sort(compareNames)) {
    const members = kinds.get(node.kind);
    if (members) members.push(node);
    else kinds.set(node.kind, [node]);
  }
  return kinds;
}

function standAlone(
  members: readonly FlowNode[],
  urgency: ReadonlyMap<string, number>,
): readonly FlowNode[] {
  if (members.length <= mostAlone) return members;
  const of = ({ id }: FlowNode): number => urgency.get(id) ?? 0;
  return members
    .filter((node) => of(node) > 0)
    .sort((one, other) => of(other) - of(one) || compareNames(one, other))
    .slice(0, mostWorst)
    .sort(compareNames);
}

const ranks: Readonly<Record<FlowNode["state"], number>> = {
  ok: 0,
  unknown: 1,
  waiting: 2,
  down: 3,
};

/** First how a node is itself, then how the worst is that it alone stands beside. */
function urgencyOf(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): ReadonlyMap<string, number> {
  const own = new Map(nodes.map(({ id, state }) => [id, ranks[state]]));
  const ends = [
    ...edges.map(({ from, to }) => [from, to]),
    ...edges.map(({ from, to }) => [to, from]),
  ];
  const degree = new Map<string, number>();
  for (const [id = ""] of ends) degree.set(id, (degree.get(id) ?? 0) + 1);
  const beside = new Map<string, number>();
  for (const [id = "", other = ""] of ends) {
    // A hub that is down stands beside all: that is no reason to draw one of them rather than another.
    if ((degree.get(other) ?? 0) > mostAlone) continue;
    beside.set(id, Math.max(beside.get(id) ?? 0, own.get(other) ?? 0));
  }
  return new Map(nodes.map(({ id, state }) => [id, ranks[state] * 10 + (beside.get(id) ?? 0)]));
}

function groupNode(kind: FlowNode["kind"], rest: readonly FlowNode[], isRest: boolean): DrawnNode {
  const worst = rest.reduce((one, other) => (ranks[other.state] > ranks[one.state] ? other : one));
  return {
    ...{ id: `all:${kind}`, kind, count: rest.length, state: worst.state },
    name: `${rest.length} ${isRest ? "more " : ""}${kindWords(kind, rest.length)}`,
    text: stateCounts(rest),
    facts: [],
    path: null,
  };
}

function compareNames(one: FlowNode, other: FlowNode): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}
