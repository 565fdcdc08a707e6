/** Many of one kind as one node: what is well is counted, what is not stands alone. */
import type { Flow, FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";
import { stateCounts } from "./flow-words.ts";
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

/** Nodes stand by kind and id, so that none moves when its state changes; `opened` kinds are whole. */
export function groupFlow(
  { edges, nodes }: Omit<Flow, "atMs">,
  opened: ReadonlySet<string>,
): DrawnFlow {
  const urgency = urgencyOf(nodes, edges);
  const groupOf = new Map<string, string>();
  const drawn: DrawnNode[] = [];
  for (const [key, members] of alike(nodes, edges)) {
    const alone = members.some(({ kind }) => opened.has(kind))
      ? members
      : standAlone(members, urgency);
    const aloneIds = new Set(alone.map(({ id }) => id));
    const rest = members.filter(({ id }) => !aloneIds.has(id));
    drawn.push(...alone.map((node) => ({ ...node, count: 1 })));
    if (rest.length === 0) continue;
    const group = groupNode(key, rest, alone.length > 0);
    for (const { id } of rest) groupOf.set(id, group.id);
    drawn.push(group);
  }
  return { nodes: drawn, edges: joinEdges(edges, (id) => groupOf.get(id) ?? id) };
}

/** Those of one kind; of streams, those that are written by the same kinds. */
function alike(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): ReadonlyMap<string, readonly FlowNode[]> {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const writers = new Map<string, Set<string>>();
  for (const { from, to } of edges)
    writers.set(to, (writers.get(to) ?? new Set()).add(kinds.get(from) ?? ""));
  const groups = new Map<string, FlowNode[]>();
  for (const node of [...nodes].sort(compareIds)) {
    const written = node.kind === "stream" ? [...(writers.get(node.id) ?? [])].sort() : [];
    const key = [node.kind, ...written].join(" ");
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return groups;
}

function standAlone(
  members: readonly FlowNode[],
  urgency: ReadonlyMap<string, number>,
): readonly FlowNode[] {
  if (members.length <= mostAlone) return members;
  const of = ({ id }: FlowNode): number => urgency.get(id) ?? 0;
  return members
    .filter((node) => of(node) > 0)
    .sort((one, other) => of(other) - of(one) || compareIds(one, other))
    .slice(0, mostWorst)
    .sort(compareIds);
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

function groupNode(key: string, rest: readonly FlowNode[], isRest: boolean): DrawnNode {
  const worst = rest.reduce((one, other) => (ranks[other.state] > ranks[one.state] ? other : one));
  return {
    ...{ id: `all:${key}`, kind: worst.kind, count: rest.length, state: worst.state },
    name: isRest ? `${rest.length} more` : `all ${rest.length}`,
    text: stateCounts(rest),
    facts: [],
    path: null,
  };
}

/** So that `gw2` stands above `gw17`. */
const collator = new Intl.Collator("en", { numeric: true });

function compareIds({ id }: FlowNode, { id: other }: FlowNode): number {
  return collator.compare(id, other) || (id < other ? -1 : 1);
}
