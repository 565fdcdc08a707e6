/** Clusters and mirrors as `deploy/nats` configures them; elections and mirrors take their time. */
import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, it } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { lookAtGateways } from "../../src/stream/discover-gateways.ts";
import { idsOf, stream, until } from "../forward/rig.ts";
import { natsPrograms, natsSite, ShippedNatsServer } from "../support/shipped-nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { forward, hubWithLeaves, idsIn, leafOf, logOf } from "./nats-rig.ts";

describe.each(natsPrograms)("%s", (program) => {
  it("cluster.conf keeps three copies, and goes on when one server is gone", async () => {
    const names = ["n1", "n2", "n3"];
    const places = await Promise.all(names.map(async () => `127.0.0.1:${await freePort()}`));
    const instead = Object.fromEntries(names.map((name, at) => [`${name}:6222`, places[at] ?? ""]));
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
  });

  it("leaf-domain.conf keeps the streams of its site, and a mirror at the hub has each event once", async () => {
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
  });
});
