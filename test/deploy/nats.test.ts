/** The configurations of nats-server that come along, each started and written to by a forwarder. */
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import * as subjects from "../../src/core/subject.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { lookAtGateways } from "../../src/stream/discover-gateways.ts";
import { idsOf, origin, startForwarding, stream, until } from "../forward/rig.ts";
import { MemoryLog } from "../support/memory-log.ts";
import {
  type NatsSite,
  natsFiles,
  natsPrograms,
  natsSite,
  ShippedNatsServer,
} from "../support/shipped-nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Elections, and mirrors that come back, take their time: `npm run test:deploy`. */
const isThorough = process.env["TEST_DEPLOY"] !== undefined;

/** Forwards what a log holds, as a gateway that has the user; gives when all of it is confirmed. */
function forward(site: NatsSite, servers: readonly ShippedNatsServer[], log: MemoryLog) {
  const [first] = servers;
  const configuration = {
    servers: servers.map(({ url }) => url),
    credentials: { file: site.user.seedFile },
    tls: { ca: join(site.tls, "ca.crt") },
    replicas: servers.length,
  };
  startForwarding(first?.url ?? "", log, { configuration });
  return () => until("all is confirmed", () => log.confirmed?.seq === log.lastSeq);
}

/** Ids of the events in the stream, in its order. */
async function idsIn(connection: NatsConnection): Promise<string[]> {
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info(stream);
  const ids: string[] = [];
  for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq += 1)
    ids.push((await manager.streams.getMessage(stream, { seq }))?.header.get("Ce-Id") ?? "");
  return ids;
}

function logOf(count: number): MemoryLog {
  const log = new MemoryLog(origin);
  log.appendMany(count);
  return log;
}

/** A hub that leaf nodes reach. */
async function hubWithLeaves(program: string) {
  const port = `127.0.0.1:${await freePort()}`;
  const instead = { "0.0.0.0:7422": port, "hub.example:7422": port };
  const site = await natsSite(await tempFolder(), program, instead);
  const more = 'include "hub-leafnodes.conf"';
  const hub = await ShippedNatsServer.start(site, program, {
    name: "hub",
    file: "single.conf",
    more,
  });
  return { hub, site };
}

/** The server of a site, which shows a certificate of its own. */
function leafOf(name: string, file: string) {
  return { name, file, instead: { "server.crt": `${name}.crt`, "server.key": `${name}.key` } };
}

describe.each(natsPrograms)("%s", (program) => {
  it("single.conf serves who has a user, over TLS, and nobody else", async () => {
    const site = await natsSite(await tempFolder(), program);
    const server = await ShippedNatsServer.start(site, program, {
      name: "hub",
      file: "single.conf",
    });
    await forward(site, [server], logOf(100))();
    expect(await idsIn(await server.client())).toEqual(idsOf(1, 100));
    const tls = { caFile: join(site.tls, "ca.crt") };
    await expect(connect({ servers: server.url, tls, reconnect: false })).rejects.toThrow(
      /authorization/i,
    );
    await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow();
  });

  it.runIf(process.env["TEST_DEPLOY"])(
    "cluster.conf keeps three copies, and goes on when one server is gone",
    async () => {
      const names = ["n1", "n2", "n3"];
      const places = await Promise.all(names.map(async () => `127.0.0.1:${await freePort()}`));
      const instead = Object.fromEntries(
        names.map((name, at) => [`${name}:6222`, places[at] ?? ""]),
      );
      const site = await natsSite(await tempFolder(), program, instead);
      const servers = await Promise.all(
        places.map((place, at) =>
          ShippedNatsServer.start(site, program, {
            ...{ name: names[at] ?? "", file: "cluster.conf" },
            instead: { "0.0.0.0:6222": place },
          }),
        ),
      );
      const log = logOf(100);
      const confirmed = forward(site, servers, log);
      await confirmed();
      const [first, second] = servers;
      const manager = await jetstreamManager((await second?.client()) ?? expect.fail());
      const { cluster, config } = await manager.streams.info(stream);
      expect([config.num_replicas, cluster?.replicas?.length]).toEqual([3, 2]);
      await first?.kill();
      log.appendMany(100);
      await confirmed();
      const client = (await second?.client()) ?? expect.fail();
      const ids = await waitUntil(
        () => idsIn(client).catch(() => undefined),
        "the two that are left have a leader",
        120_000,
      );
      expect(ids).toEqual(idsOf(1, 200));
    },
  );

  it("leaf.conf is a way to the hub on which each event arrives once, however often it breaks", async () => {
    const { hub, site } = await hubWithLeaves(program);
    const leaf = await ShippedNatsServer.start(site, program, leafOf("plant-a", "leaf.conf"));
    const log = logOf(50);
    const confirmed = forward(site, [leaf], log);
    for (let turn = 0; turn < 3; turn += 1) {
      await confirmed();
      log.appendMany(500);
      await (turn === 1 ? hub : leaf).kill();
      log.appendMany(50);
      await (turn === 1 ? hub : leaf).start();
    }
    await confirmed();
    expect(await idsIn(await hub.client())).toEqual(idsOf(1, 1_700));
    const stranger = leafOf("stranger", "leaf.conf");
    await (await ShippedNatsServer.start(site, program, stranger)).refused();
  });

  it.runIf(isThorough)(
    "leaf-domain.conf keeps the streams of its site, and a mirror at the hub has each event once",
    async () => {
      const { hub, site } = await hubWithLeaves(program);
      const leaf = await ShippedNatsServer.start(
        site,
        program,
        leafOf("plant-a", "leaf-domain.conf"),
      );
      const atHub = await jetstreamManager(await hub.client());
      // It takes the same subjects: what is written at the site must not come here as well.
      await atHub.streams.add({ name: "OLD", subjects: ["ev.>", "alert.>", "$KV.leases.>"] });
      const log = logOf(100);
      const confirmed = forward(site, [leaf], log);
      await confirmed();
      await atHub.streams.add({
        name: stream,
        mirror: { name: stream, external: { api: "$JS.plant-a.API", deliver: "" } },
      });
      await hub.kill();
      log.appendMany(1_000);
      await confirmed();
      await hub.start();
      const again = await hub.client();
      await until("the mirror has all", async () => (await idsIn(again)).length === 1_100);
      expect(await idsIn(again)).toEqual(idsOf(1, 1_100));
      const { state } = await (await jetstreamManager(again)).streams.info("OLD");
      expect(state.messages).toBe(0);
      // Who works at the hub does not take the copy for a gateway's own stream.
      const { gateways, lookalikes } = await lookAtGateways(again);
      expect(gateways).toEqual([]);
      expect(lookalikes).toMatchObject([{ stream }]);
    },
  );
});

it("a leaf node with its own streams lets no subject of ours through in either direction", async () => {
  const text = await readFile(join(natsFiles, "leaf-domain.conf"), "utf8");
  const denied = Array.from(text.matchAll(/"([a-z$A-Z]+)\.>"/g), ([, first]) => first);
  const ours = Object.values(subjects)
    .filter((value) => typeof value === "string" && value.endsWith(".>"))
    .map((value) => String(value).split(".", 1)[0]);
  for (const first of ["ev", "notify", "$KV", ...ours])
    expect(
      denied.filter((one) => one === first),
      first,
    ).toHaveLength(2);
});

it("a server that cannot sync each message refuses the file that says so", async () => {
  const [old = ""] = natsPrograms;
  const path = join(await tempFolder(), "one.conf");
  const text = await readFile(join(natsFiles, "sync-always.conf"), "utf8");
  await writeFile(path, `jetstream {\n${text}\n}`);
  const said = spawnSync(old, ["-t", "-c", path], { encoding: "utf8" });
  const isOld = spawnSync(old, ["-v"], { encoding: "utf8" }).stdout.includes("v2.9.");
  expect(said.status, said.stderr).toBe(isOld ? 1 : 0);
});
