/** The whole as it runs: what stands where, and what goes from one to the next. */
import type { Flow, FlowEdge, FlowNode } from "../../../api/shapes/flow.ts";
import type { TargetOptions } from "../../../bridge/options.ts";
import { counted } from "../../../core/counted.ts";
import {
  alertsStream,
  commandsStream,
  derivedStream,
  parseGatewaySubjects,
  partitionOf,
  plansStream,
} from "../../../core/subject.ts";
import type { HistorianOptions } from "../../../historian/options.ts";
import type { FleetFollower } from "../../../view/fleet/fleet-follower.ts";
import type { Deliveries } from "../../../view/notices/deliveries.ts";
import type { BackboneSeen } from "./backbone-look.ts";
import { bridgeNodes } from "./bridge-nodes.ts";
import { deviceNodes } from "./device-nodes.ts";
import { processorRows } from "./processor-rows.ts";
import { readingEdges } from "./reading-edge.ts";
import { isOwnStream } from "./stream-rows.ts";

export interface FlowParts {
  readonly fleet: FleetFollower;
  readonly deliveries: Deliveries;
  /** As the configuration here names them, with their kinds. */
  readonly receivers: ReadonlyMap<string, string>;
  readonly historian: HistorianOptions | undefined;
  /** What bridges carry streams on to, as the configuration here names it. */
  readonly targets: readonly TargetOptions[];
  readonly rules: number;
}

const unused: Pick<FlowEdge, "perS" | "lagMs" | "backlog" | "backlogBytes"> = {
  ...{ perS: null, lagMs: null, backlog: null, backlogBytes: null },
};

export function hubFlow(seen: BackboneSeen, parts: FlowParts): Flow {
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  const streams = seen.streams.filter(isOwnStream);
  const byName = new Map(streams.map((stream) => [stream.name, stream]));
  const add = (node: Omit<FlowNode, "facts" | "path"> & Partial<FlowNode>): void => {
    nodes.push({ facts: [], path: null, ...node });
  };
  const join = (from: string, to: string, facts: Partial<FlowEdge> = {}): void => {
    edges.push({ from, to, ...unused, ...facts });
  };
  const reading = readingEdges(seen);

  for (const { edges: own, nodes: its } of deviceNodes(seen, parts.fleet)) {
    nodes.push(...its);
    edges.push(...own);
  }
  for (const { bytes, lastMs, messages, name } of streams)
    add({
      ...{ id: streamId(name), kind: "stream", name, path: "/system?tab=streams" },
      state: "ok",
      text: counted(messages, "message"),
      facts: [
        { name: "messages", value: String(messages) },
        { name: "bytes", value: String(bytes) },
        ...(lastMs === undefined ? [] : [{ name: "last", value: new Date(lastMs).toISOString() }]),
      ],
    });
  addProcessors();
  addPlans();
  addNotifier();
  addHistorian();
  const bridges = bridgeNodes(seen, parts.targets, reading);
  nodes.push(...bridges.nodes);
  edges.push(...bridges.edges);
  return { atMs: seen.atMs, nodes, edges };

  function addProcessors(): void {
    for (const row of processorRows(seen, parts.rules)) {
      if (row.role !== "processor") continue;
      const id = `processor:${row.name}`;
      const { behind, checkpointMs, partitions, trouble } = row;
      add({
        ...{ id, kind: "processor", name: row.name, path: "/system?tab=processors" },
        state: trouble === null ? "ok" : row.name === "nobody" ? "down" : "waiting",
        text:
          trouble ??
          `${counted(partitions.length, "partition")}, ${counted(row.rules ?? 0, "rule")}`,
        facts: [
          { name: "partitions", value: partitions.join(", ") },
          { name: "behind", value: behind === null ? "not known" : String(behind) },
          ...(checkpointMs === null
            ? []
            : [{ name: "checkpoint", value: new Date(checkpointMs).toISOString() }]),
        ],
      });
      for (const { config, name } of streams) {
        const [origin] = (config.subjects ?? []).flatMap((one) => parseGatewaySubjects(one) ?? []);
        const partition = origin && partitionOf(origin.site);
        if (partition === undefined || !partitions.includes(partition)) continue;
        join(streamId(name), id, reading(name, `processor ${partition}`));
      }
      for (const stream of [alertsStream, derivedStream])
        if (has(stream)) join(id, streamId(stream), { perS: seen.rates.perS(stream) ?? null });
    }
  }

  function addPlans(): void {
    if (!has(plansStream)) return;
    add({
      ...{ id: "plans", kind: "plans", name: "plans", state: "ok", path: "/plans" },
      text: "run by a processor",
    });
    join(streamId(plansStream), "plans", { perS: seen.rates.perS(plansStream) ?? null });
    if (has(commandsStream)) join("plans", streamId(commandsStream));
  }

  function addNotifier(): void {
    const tallies = new Map(parts.deliveries.receivers().map((one) => [one.receiver, one]));
    const saved = new Map(seen.saved.receivers.map((one) => [one.receiver, one]));
    const names = new Set([...parts.receivers.keys(), ...tallies.keys(), ...saved.keys()]);
    if (names.size === 0) return;
    add({
      ...{ id: "notifier", kind: "notifier", name: "notifier", path: "/system?tab=processors" },
      state: saved.size > 0 ? "ok" : "unknown",
      text: saved.size > 0 ? `tells ${counted(names.size, "receiver")}` : "nothing was told yet",
    });
    if (has(alertsStream)) {
      const all = seen.readers.filter(({ name }) => name.startsWith("receiver "));
      const slowest = all.sort((one, other) => other.behind - one.behind)[0];
      join(streamId(alertsStream), "notifier", slowest && reading(alertsStream, slowest.name));
    }
    for (const name of names) {
      const tally = tallies.get(name);
      const waiting = saved.get(name)?.waiting ?? 0;
      const trouble = tally?.trouble;
      add({
        ...{ id: `receiver:${name}`, kind: "receiver", name, path: "/system?tab=processors" },
        state: trouble === undefined ? "ok" : "waiting",
        text: trouble ?? (tally ? `${tally.delivered} told` : "nothing was told yet"),
        facts: [
          { name: "kind", value: parts.receivers.get(name) ?? "not known here" },
          { name: "waiting", value: String(waiting) },
          { name: "given up", value: String(tally?.givenUp ?? 0) },
        ],
      });
      join("notifier", `receiver:${name}`, { backlog: waiting });
    }
  }

  function addHistorian(): void {
    const { historian: saved } = seen.saved;
    const { historian: options } = parts;
    if (!saved && !options) return;
    add({
      ...{ id: "historian", kind: "historian", name: "historian" },
      path: "/system?tab=processors",
      state: saved ? "ok" : "unknown",
      text: saved ? "writes history" : "it has written nothing yet",
      ...(saved && { facts: [{ name: "saved", value: new Date(saved.savedMs).toISOString() }] }),
    });
    for (const { name } of streams)
      if (saved?.readTo.has(name)) join(streamId(name), "historian", reading(name, "historian"));
    if (!options) return;
    const { database, kind, url } = options;
    add({
      ...{ id: "database", kind: "database", name: database, state: "unknown" },
      text: `${kind} at ${new URL(url).host}`,
    });
    join("historian", "database");
  }

  function has(stream: string): boolean {
    return byName.has(stream);
  }
}

export function streamId(name: string): string {
  return `stream:${name}`;
}
