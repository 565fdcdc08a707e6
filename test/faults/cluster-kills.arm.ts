/**
 * Three nats-servers with three copies of each stream: the one that leads a gateway's stream is killed,
 * again and again, while three gateways write, three processors judge and a historian stores. Of four
 * that were killed one stays away for long, and one comes back empty, as a machine that was replaced.
 */
import { join } from "node:path";
import { gatewayStream } from "../../src/core/subject.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { influxProgram } from "../support/influxd.ts";
import { memberNames, type NatsCluster, startNatsCluster } from "../support/nats-cluster.ts";
import { isHere } from "../support/programs-here.ts";
import { waitUntil, waitWhileMoving } from "../support/wait-until.ts";
import { type AlertVerdict, compareTransitions } from "./alert-play.ts";
import type { Arm } from "./arm.ts";
import { type BusyGateway, clusterRules, judgeStored, openBusyGateway } from "./busy-gateway.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { type Hub, inHub } from "./hub.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

/** Of each gateway, while a server is away for long. */
const longAwayEvents = 3_000;
/** Whether a leader fell between storing and saying so is chance: the control is tried so often at most. */
const mostControls = 4;

interface Outcome {
  readonly counts: ReturnType<typeof sumCounts>;
  readonly examples: readonly string[];
  readonly alerts: AlertVerdict;
  readonly transitions: number;
  readonly points: number;
  readonly readings: number;
}

export const clusterKills: Arm = {
  goal: "R34",
  title: "of three nats-servers the leader killed, with gateways, processors and a historian",
  figures: { small: 0, ci: 10, nightly: 100 },
  missing: async () => (isHere("influxd", "version") ? undefined : "no influxd"),
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = process.env["FAULT_SEED"] ?? `cluster-kills-${Date.now()}`;
      note(`seed ${seed}`);
      const outcome = await playOnCluster(join(folder, "killed"), seed, figure, note);
      note("control: gateways that go on behind what was acknowledged to them");
      let control = sumCounts([]);
      for (let at = 0; at < mostControls && control.duplicated + control.lost === 0; at += 1)
        control = await playGateways(join(folder, `control${at}`), `${seed}/${at}`, 4, note);
      const { alerts, counts, examples, points, readings, transitions } = outcome;
      const isJudged = alerts.lost + alerts.duplicated + alerts.reordered + alerts.strange === 0;
      const isWhole = counts.lost + counts.duplicated + counts.reordered === 0;
      return {
        runs: figure,
        ...counts,
        control: controlOf(control.duplicated + control.lost),
        ok: isWhole && isJudged && points === readings && transitions > 50,
        notes: [
          ...examples,
          ...alerts.examples,
          `${transitions} transitions, those of an offline run; each stored once`,
          `${points} points of ${readings} readings in influxd`,
          `going on behind what was acknowledged: ${control.duplicated} doubled, ${control.lost} lost`,
        ],
      };
    }),
};

async function inCluster<T>(
  folder: string,
  work: (cluster: NatsCluster) => Promise<T>,
): Promise<T> {
  const cluster = await startNatsCluster({ folder: join(folder, "cluster") });
  try {
    return await work(cluster);
  } finally {
    await cluster.end();
  }
}

function openGateways(folder: string, cluster: NatsCluster, boot: string, fault?: "no-reconcile") {
  return Promise.all(
    ["gw1", "gw2", "gw3"].map((gateway, at) =>
      openBusyGateway({
        folder: join(folder, gateway),
        origin: { site: `site-${at}`, gateway },
        servers: cluster.urls,
        boot,
        fault,
      }),
    ),
  );
}

function playOnCluster(
  folder: string,
  seed: string,
  kills: number,
  note: (text: string) => void,
): Promise<Outcome> {
  return inCluster(folder, async (cluster) => {
    const influx = await influxProgram(join(folder, "influx"));
    const configuration = `processor: { checkpoint_every: 500ms, discover_every: 500ms }
historian: { url: "${influx.url}", batch: { points: 1000, age: 200ms } }
`;
    const backbone = { servers: cluster.urls, replicas: memberNames.length };
    const options = { folder: join(folder, "hub"), configuration, backbone, rules: clusterRules };
    const gateways = await openGateways(folder, cluster, seed);
    try {
      await influx.start();
      return await inHub(options, async (hub) => {
        await startHub(hub);
        await killLeaders(cluster, gateways, seed, kills, note);
        const counts = sumCounts(gateways.map((one) => one.verdict()));
        const stored = gateways.flatMap((one) => one.stored());
        const must = judgeStored(gateways);
        // A server that has just come back may not have its part in everything yet.
        const found = () =>
          waitUntil(
            () => cluster.connected(storedTransitions).catch(() => undefined),
            "the alerts are read",
            120_000,
            500,
          );
        const foundIds = async () => new Set((await found()).map(({ id }) => id));
        await waitWhileMoving(
          async () => (await foundIds()).size >= must.length,
          async () => (await foundIds()).size,
          "every transition is stored",
          120_000,
          500,
        ).catch(() => undefined);
        const points = async (): Promise<number> => {
          const query = "select count(value) from samples where metric = 'n'";
          const [rows] = await influx.query(query).catch(() => []);
          return Number(rows?.values[0]?.[1] ?? 0);
        };
        const readings = stored.filter(
          (event) => event.kind === "measurement" && event.data.some(({ name }) => name === "n"),
        ).length;
        await waitWhileMoving(
          async () => (await points()) >= readings,
          points,
          "every reading is a point",
          120_000,
          500,
        ).catch(() => undefined);
        return {
          counts,
          examples: gateways.flatMap((one) => [...one.verdict().examples]),
          alerts: compareTransitions(must, await found()),
          transitions: must.length,
          points: await points(),
          readings,
        };
      });
    } finally {
      await Promise.all(gateways.map((one) => one.end()));
      await influx.kill();
    }
  });
}

/** Only the gateways, with the fault. */
function playGateways(
  folder: string,
  seed: string,
  kills: number,
  note: (text: string) => void,
): Promise<ReturnType<typeof sumCounts>> {
  return inCluster(folder, async (cluster) => {
    const gateways = await openGateways(folder, cluster, seed, "no-reconcile");
    try {
      await killLeaders(cluster, gateways, seed, kills, note);
      return sumCounts(gateways.map((one) => one.verdict()));
    } finally {
      await Promise.all(gateways.map((one) => one.end()));
    }
  });
}

async function startHub(hub: Hub): Promise<void> {
  const names = ["p1", "p2", "p3"] as const;
  const programs = await Promise.all([
    ...names.map((name) => hub.program(name, "processor")),
    hub.program("h1", "historian"),
  ]);
  for (const program of programs) program.start();
}

/** Starts the gateways, kills, and reads what the streams hold in the end. */
async function killLeaders(
  cluster: NatsCluster,
  gateways: readonly BusyGateway[],
  seed: string,
  kills: number,
  note: (text: string) => void,
): Promise<void> {
  const random = createSeededRandom(seed);
  await Promise.all(gateways.map((one) => one.start()));
  for (const one of gateways) await one.untilSent(200);
  for (let kill = 0; kill < kills; kill += 1) {
    const one = gateways[Math.floor(random() * gateways.length)];
    if (!one) return;
    // Two at a time are more than three can do without: all have what each stream has.
    for (const each of gateways) await cluster.leader(gatewayStream(each.gateway));
    const victim = await cluster.leader(gatewayStream(one.gateway));
    await cluster.kill(victim);
    // Each of them goes on with two servers.
    const isLongAway = kill % 4 === 1;
    for (const each of gateways) await each.untilSent(isLongAway ? longAwayEvents : 100);
    const isReplaced = kill % 4 === 3;
    if (isReplaced) await cluster.wipe(victim);
    await cluster.start(victim);
    note(`${victim} was killed${isReplaced ? ", replaced by an empty one," : ""} and is back`);
  }
  for (const one of gateways) await one.stopDevices();
  for (const one of gateways) {
    await one.finish();
    await cluster.leader(gatewayStream(one.gateway));
    await waitUntil(() => one.read(cluster), "the stream is read", 120_000, 500);
  }
}
