import { describe, expect, it } from "vitest";
import type { Flow, FlowEdge, FlowNode } from "../../src/api/shapes/flow.ts";
import { columnsOf } from "../../src/console/screens/flow/flow-columns.ts";
import { groupFlow } from "../../src/console/screens/flow/flow-groups.ts";
import { layOutFlow } from "../../src/console/screens/flow/flow-layout.ts";
import { nodeHeight, nodeWidth } from "../../src/console/screens/flow/node-size.ts";

function node(id: string, kind: FlowNode["kind"], state: FlowNode["state"] = "ok"): FlowNode {
  return { id, kind, name: id, state, text: state, facts: [], path: null };
}

function edge(from: string, to: string, changed: Partial<FlowEdge> = {}): FlowEdge {
  return { from, to, perS: 1, lagMs: null, backlog: null, backlogBytes: null, ...changed };
}

/** A site of so many gateways, each with devices and a stream, one processor, alerts and people. */
function plant(gateways: number, down: readonly number[] = []): Flow {
  const numbers = Array.from({ length: gateways }, (_, index) => index + 1);
  const name = (index: number): string => String(index).padStart(3, "0");
  return {
    atMs: 0,
    nodes: [
      ...numbers.flatMap((index) => [
        node(`d${name(index)}`, "devices"),
        node(`gw${name(index)}`, "gateway", down.includes(index) ? "down" : "ok"),
        node(`GW_${name(index)}`, "stream"),
      ]),
      node("processor", "processor"),
      node("ALERTS", "stream"),
      node("COMMANDS", "stream"),
      node("notifier", "notifier"),
      node("mail", "receiver"),
    ],
    edges: [
      ...numbers.flatMap((index) => [
        edge(`d${name(index)}`, `gw${name(index)}`),
        edge(`gw${name(index)}`, `GW_${name(index)}`, { backlog: 2, lagMs: index }),
        edge(`GW_${name(index)}`, "processor"),
        edge("COMMANDS", `gw${name(index)}`, { perS: null }),
      ]),
      edge("processor", "ALERTS"),
      edge("ALERTS", "notifier"),
      edge("notifier", "mail"),
    ],
  };
}

describe("columns of the flow", () => {
  it("lead from devices to people, with the stream of alerts behind what judges", () => {
    const { edges, nodes } = plant(1);
    expect(columnsOf(nodes, edges).map((column) => column.nodes.map(({ id }) => id))).toEqual([
      ["d001"],
      ["gw001"],
      ["GW_001", "COMMANDS"],
      ["processor"],
      ["ALERTS"],
      ["notifier"],
      ["mail"],
    ]);
  });

  it("a gateway alone has the columns that it knows", () => {
    expect(columnsOf([node("d", "devices"), node("gw", "gateway")], [])).toHaveLength(2);
    expect(columnsOf([], [])).toEqual([]);
  });
});

describe("many of a kind", () => {
  it("few stand alone", () => {
    expect(groupFlow(plant(3), new Set()).nodes).toHaveLength(3 * 3 + 5);
  });

  it("200 gateways are counted, and those that are down stand alone with their devices and streams", () => {
    const { edges, nodes } = groupFlow(plant(200, [17, 140]), new Set());
    const names = nodes.map(({ name }) => name);
    for (const id of ["gw017", "d017", "GW_017", "gw140", "d140", "GW_140"])
      expect(names).toContain(id);
    expect(names.filter((name) => name === "198 more")).toHaveLength(3);
    expect(nodes.length).toBeLessThan(20);
    const rest = edges.find(
      ({ from, to }) => from === "all:gateway" && to === "all:stream gateway",
    );
    expect(rest).toMatchObject({ perS: 198, backlog: 396, lagMs: 200, backlogBytes: null });
  });

  it("of more that are down than fit, the rest says so", () => {
    const down = Array.from({ length: 50 }, (_, index) => index + 1);
    const { nodes } = groupFlow(plant(200, down), new Set());
    const rest = nodes.find(({ id }) => id === "all:gateway");
    expect(rest).toMatchObject({ count: 194, state: "down", text: "44 down, 150 ok" });
  });

  it("what they all share being down is no reason to pick some of them", () => {
    const flow = plant(200);
    const nodes = flow.nodes.map((one) =>
      one.id === "processor" ? { ...one, state: "down" as const } : one,
    );
    const streams = groupFlow({ ...flow, nodes }, new Set()).nodes.filter(
      ({ kind }) => kind === "stream",
    );
    expect(streams.map(({ name }) => name).sort()).toEqual(["ALERTS", "COMMANDS", "all 200"]);
  });

  it("a kind that was opened is drawn whole", () => {
    const { nodes } = groupFlow(plant(200), new Set(["gateway"]));
    expect(nodes.filter(({ kind }) => kind === "gateway")).toHaveLength(200);
  });
});

describe("the picture", () => {
  it("is the same for the same nodes in another order, and a state moves nothing", () => {
    const flow = plant(4);
    const places = (one: Flow): Map<string, string> =>
      new Map(
        layOutFlow(groupFlow(one, new Set()), 1_000)
          .nodes.map(({ node: { id }, x, y }): [string, string] => [id, `${x},${y}`])
          .sort(),
      );
    const before = places(flow);
    expect(places({ ...flow, nodes: flow.nodes.toReversed() })).toEqual(before);
    expect(places({ ...plant(4, [2]) })).toEqual(before);
  });

  it("no two nodes stand on each other, all within the picture", () => {
    const { height, nodes, width } = layOutFlow(groupFlow(plant(200, [3]), new Set()), 900);
    for (const [index, one] of nodes.entries()) {
      expect(one.x + nodeWidth).toBeLessThanOrEqual(width);
      expect(one.y + 46).toBeLessThanOrEqual(height);
      for (const other of nodes.slice(index + 1))
        expect(
          Math.abs(one.x - other.x) >= nodeWidth || Math.abs(one.y - other.y) >= nodeHeight,
        ).toBe(true);
    }
  });

  it("what leads back goes below everything else", () => {
    const { edges, labels, nodes } = layOutFlow(groupFlow(plant(2), new Set()), 1_000);
    const lowest = Math.max(...nodes.map(({ y }) => y + 46));
    const back = edges.filter(({ isBack }) => isBack);
    expect(back.map(({ edge: { from } }) => from)).toEqual(["COMMANDS"]);
    const lane = labels.find(({ edge: { from } }) => from === "COMMANDS");
    expect(lane?.lineY).toBeGreaterThan(lowest);
  });

  it("what is written of edges into one node stands where each is alone, or once for all", () => {
    const { labels } = layOutFlow(groupFlow(plant(2), new Set()), 1_000);
    const of = (to: string): readonly string[] =>
      labels.flatMap(({ edge }) => (edge.to === to ? [edge.from] : []));
    expect(of("processor")).toEqual(["GW_001", "GW_002"]);
    const flow = plant(2);
    const both = {
      ...flow,
      nodes: [...flow.nodes, node("historian", "historian")],
      edges: [...flow.edges, edge("GW_001", "historian"), edge("GW_002", "historian")],
    };
    const shared = layOutFlow(groupFlow(both, new Set()), 1_000).labels;
    const sums = shared.filter(({ edge: { to } }) => to === "historian" || to === "processor");
    expect(sums.map(({ edge: { perS } }) => perS)).toEqual([2, 2]);
  });

  it("an edge to a node that is not there is left out, and nothing at all makes an empty picture", () => {
    expect(layOutFlow({ nodes: [], edges: [edge("a", "b")] }, 500)).toMatchObject({ edges: [] });
  });
});
