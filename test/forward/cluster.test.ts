import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { type OwnNatsServer, startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { countingMetrics, idsOf, origin, readIds, startForwarding, stream, until } from "./rig.ts";

const kills = 3;

/** Three servers of one cluster on loopback; each can be killed and started again. */
async function startCluster() {
  const folder = await tempFolder();
  const names = ["n1", "n2", "n3"];
  const ports = await Promise.all(names.map(() => freePort()));
  const routePorts = await Promise.all(names.map(() => freePort()));
  const routes = routePorts.map((port) => `nats://127.0.0.1:${port}`).join(", ");
  const servers = new Map<string, OwnNatsServer>();
  onTestFinished(async () => {
    for (const server of servers.values()) await server.kill();
  });
  const start = async (name: string): Promise<void> => {
    const at = names.indexOf(name);
    const server = await startNatsServer({
      folder: join(folder, name),
      port: ports[at] ?? -1,
      configuration: `server_name: ${name}
        cluster { name: c, listen: "127.0.0.1:${routePorts[at]}", routes: [${routes}] }`,
    });
    servers.set(name, server);
  };
  await Promise.all(names.map(start));
  const urls = names.map((_, at) => `nats://127.0.0.1:${ports[at]}`);
  return {
    urls,
    start,
    kill: async (name: string) => servers.get(name)?.kill(),
    /** The name of the server that leads the stream, as soon as the others have all it has. */
    leader: () =>
      waitUntil(
        async () => {
          for (const url of urls) {
            try {
              const connection = await connect({ servers: url, reconnect: false, timeout: 2_000 });
              try {
                const manager = await jetstreamManager(connection, { timeout: 2_000 });
                const { leader, replicas = [] } =
                  (await manager.streams.info(stream)).cluster ?? {};
                const whole = replicas.length === names.length - 1;
                if (leader && whole && replicas.every(({ current }) => current)) return leader;
              } finally {
                await connection.close();
              }
            } catch {
              // That one is away, or knows of no leader yet.
            }
          }
          return undefined;
        },
        "the stream has a leader and nobody is behind",
        240_000,
      ),
  };
}

/** Takes a minute and three servers: `npm run test:cluster`. */
describe.runIf(process.env["TEST_CLUSTER"])("forwarder to a cluster of three", () => {
  test(`stores each record once and in order while its leader is killed ${kills} times`, async () => {
    const cluster = await startCluster();
    const [url = ""] = cluster.urls;
    const log = new MemoryLog(origin);
    log.appendMany(1_000);
    const metrics = countingMetrics();
    const configuration = { servers: cluster.urls, replicas: 3 };
    startForwarding(url, log, { configuration, metrics });
    await until("some sent", () => (log.confirmed?.seq ?? 0) > 500);
    let feeding = true;
    const feed = (async () => {
      while (feeding) {
        if (log.lastSeq - (log.confirmed?.seq ?? 0) < 20_000) log.appendMany(200);
        await sleep(systemClock, 20);
      }
    })();
    for (let kill = 0; kill < kills; kill += 1) {
      const leader = await cluster.leader();
      await cluster.kill(leader);
      const before = log.confirmed?.seq ?? 0;
      await until("a new leader takes more", () => (log.confirmed?.seq ?? 0) > before + 1_000);
      await cluster.start(leader);
    }
    feeding = false;
    await feed;
    await until("all sent", () => log.confirmed?.seq === log.lastSeq);
    await cluster.leader();
    expect(await readIds(url)).toEqual(idsOf(1, log.lastSeq));
    expect(log.gaps()).toEqual([]);
    expect(metrics.total("gateway_forward_regressions_total")).toBe(0);
  }, 900_000);
});
