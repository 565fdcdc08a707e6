/**
 * Measures the gateway from end to end, and its parts by themselves, on this machine. Prints
 * figures; asserts nothing about time. `README.md` beside this file says what each line means.
 *
 *     npm run bench -- [--quick] [--drain N] [--gateways N] [--only PART,...] [--profile FOLDER]
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { bug } from "../../src/core/errors.ts";
import { type FigureGroup, formatGroup, formatTable } from "./figures.ts";
import { measureBacklog } from "./measure-backlog.ts";
import { measureBacktest } from "./measure-backtest.ts";
import { measureCheckpoints } from "./measure-checkpoints.ts";
import { measureCli } from "./measure-cli.ts";
import { measureCodecs } from "./measure-codecs.ts";
import { measureConsole } from "./measure-console.ts";
import { measureDeadMembers } from "./measure-dead-members.ts";
import { measureEdge } from "./measure-edge.ts";
import { measureFairness } from "./measure-fairness.ts";
import { measureFleet } from "./measure-fleet.ts";
import { measureFlood } from "./measure-flood.ts";
import { measureFramers } from "./measure-framers.ts";
import { measureHistory } from "./measure-history.ts";
import { measureLatency } from "./measure-latency.ts";
import { measureNotices } from "./measure-notices.ts";
import { measureOutside } from "./measure-outside.ts";
import { measurePage } from "./measure-page.ts";
import {
  aedesAlone,
  groupOfParts,
  groupOfRatios,
  measureParts,
  publishWithFence,
} from "./measure-parts.ts";
import { measurePeers } from "./measure-peers.ts";
import { measurePolls } from "./measure-polls.ts";
import { measureRegistry } from "./measure-registry.ts";
import { measureRoad } from "./measure-road.ts";
import { measureRules } from "./measure-rules.ts";
import { measureServers } from "./measure-servers.ts";
import { measureThreads } from "./measure-threads.ts";
import { natsServers } from "./nats-servers.ts";
import { leafName } from "./peers/leaf-node.ts";
import { sluicegate } from "./peers/sluicegate.ts";
import { type Compared, groupOfGoals } from "./ratios.ts";
import { serviceEnvironment } from "./service-environment.ts";
import { Workshop } from "./workshop.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    drain: { type: "string" },
    gateways: { type: "string" },
    only: {
      type: "string",
      default:
        "road,backlog,outside,latency,fair,parts,threads,codecs,framers,registry,polls,rules,checkpoints,history,notices,outage,backtest,edge,console,page,fleet,cli,servers,peers",
    },
    profile: { type: "string" },
  },
});
const scale = values.quick
  ? {
      warmUp: 20_000,
      road: 60_000,
      drain: 60_000,
      outside: 40_000,
      latencySeconds: 4,
      fairSeconds: 5,
      parts: 60_000,
      threads: 60_000,
      codecs: 20_000,
      framers: 65_536,
      registry: 50_000,
      pollSeconds: 1,
      deadMemberSeconds: 30,
      rules: 100_000,
      history: 80_000,
      noticeSeconds: 5,
      outage: 2_000,
      backtest: 50_000,
      edge: 40_000,
      console: 30_000,
      pageSeconds: 20,
      gateways: 50,
      fleetSeconds: 20,
      servers: { events: 30_000, seconds: 3 },
      peers: { events: 30_000, seconds: 3 },
    }
  : {
      warmUp: 50_000,
      road: 300_000,
      drain: 500_000,
      outside: 200_000,
      latencySeconds: 20,
      fairSeconds: 15,
      parts: 250_000,
      threads: 200_000,
      codecs: 200_000,
      framers: 1_048_576,
      registry: 200_000,
      pollSeconds: 5,
      deadMemberSeconds: 120,
      rules: 200_000,
      history: 400_000,
      noticeSeconds: 20,
      outage: 10_000,
      backtest: 200_000,
      edge: 200_000,
      console: 150_000,
      pageSeconds: 60,
      gateways: 200,
      fleetSeconds: 60,
      servers: { events: 200_000, seconds: 10 },
      peers: { events: 200_000, seconds: 10 },
    };
const drain = Number(values.drain ?? scale.drain);
const wanted = values.only.split(",");
const nodeOptions =
  values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];

function show(group: FigureGroup): void {
  process.stdout.write(formatGroup(group));
}

async function measure(workshop: Workshop): Promise<void> {
  const wholes: { name: string; perSecond: number }[] = [];
  const compared: Compared = {};
  if (wanted.includes("road")) {
    const road = await measureRoad(workshop, {
      warmUp: scale.warmUp,
      events: scale.road,
      nodeOptions,
    });
    road.groups.forEach(show);
    wholes.push({ name: "The whole road", perSecond: road.storedPerSecond });
    compared.roadPerSecond = road.storedPerSecond;
  }
  if (wanted.includes("backlog")) {
    const backlog = await measureBacklog(workshop, drain);
    show(backlog.group);
    wholes.push({ name: "The drain", perSecond: backlog.drainedPerSecond });
    compared.drainPerSecond = backlog.drainedPerSecond;
  }
  if (wanted.includes("outside")) show(await measureOutside(workshop, scale.outside));
  if (wanted.includes("latency")) {
    const { group, ...halves } = await measureLatency(workshop, scale.latencySeconds);
    show(group);
    Object.assign(compared, halves);
  }
  if (wanted.includes("fair")) show(await measureFairness(workshop, scale.fairSeconds));
  if (wanted.includes("parts")) {
    const parts = await measureParts(workshop, scale.parts, newest);
    show(groupOfParts(parts));
    const alone = (wantedName: string): number =>
      parts.find(({ name }) => name === wantedName)?.perSecond ?? bug(`no part ${wantedName}`);
    compared.aedesPerSecond = alone(aedesAlone);
    compared.publishPerSecond = alone(publishWithFence);
    for (const { name, perSecond } of wholes) show(groupOfRatios(name, perSecond, parts));
  }
  if (wanted.includes("threads")) show(await measureThreads(workshop, scale.threads));
  if (wanted.includes("codecs")) (await measureCodecs(workshop, scale.codecs)).forEach(show);
  if (wanted.includes("framers")) show(measureFramers(scale.framers));
  if (wanted.includes("registry")) show(await measureRegistry(workshop, scale.registry));
  if (wanted.includes("rules")) show(measureRules(scale.rules));
  if (wanted.includes("checkpoints"))
    for (const instances of [10_000, 100_000]) show(await measureCheckpoints(workshop, instances));
  if (wanted.includes("history"))
    (await measureHistory(workshop, scale.history, nodeOptions)).forEach(show);
  if (wanted.includes("notices"))
    (await measureNotices(workshop, scale.noticeSeconds)).forEach(show);
  if (wanted.includes("outage")) show(await measureFlood(workshop, scale.outage, nodeOptions));
  if (wanted.includes("backtest")) show(await measureBacktest(workshop, scale.backtest));
  if (wanted.includes("edge")) show(await measureEdge(workshop, scale.edge));
  if (wanted.includes("console")) show(await measureConsole(workshop, scale.console));
  if (wanted.includes("page")) show(await measurePage(scale.pageSeconds));
  if (wanted.includes("fleet"))
    show(
      await measureFleet(workshop, Number(values.gateways ?? scale.gateways), scale.fleetSeconds),
    );
  if (wanted.includes("cli")) show(await measureCli(workshop));
  if (wanted.includes("servers"))
    process.stdout.write(formatTable(await measureServers(workshop, servers, scale.servers)));
  if (wanted.includes("peers")) {
    const { found, table } = await measurePeers(workshop, newest, scale.peers);
    process.stdout.write(formatTable(table));
    compared.ownCpuUs = found.find(({ name }) => name === sluicegate.name)?.cpuUs;
    compared.leafCpuUs = found.find(({ name }) => name === leafName)?.cpuUs;
  }
  if (wanted.includes("polls")) {
    show(await measurePolls(scale.pollSeconds));
    show(await measureDeadMembers(scale.deadMemberSeconds));
  }
  const goals = groupOfGoals(compared);
  if (goals) show(goals);
}

const [processor] = cpus();
// Whoever is started from here on has it, the parts as well.
Object.assign(process.env, serviceEnvironment());
const servers = natsServers();
const newest = servers.at(-1) ?? bug("natsServers gives none");
process.stdout.write(
  `sluicegate bench on ${cpus().length} processors (${processor?.model ?? "unknown"}), ` +
    `Node ${process.versions.node}, nats-server ${servers.map(({ version }) => version).join(" and ")}; ` +
    "gateway, nats-server and load share them\n",
);
const [busy = 0] = loadavg();
if (busy > 0.5)
  process.stdout.write(
    `others use this machine (load ${busy.toFixed(1)}): figures will be worse than it can do\n`,
  );
const workshop = await Workshop.open();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void workshop.close().finally(() => process.exit(130)));
}
const startedMs = performance.now();
try {
  await measure(workshop);
  process.stdout.write(`\ntook ${Math.round((performance.now() - startedMs) / 1_000)} s\n`);
} finally {
  await workshop.close();
}
