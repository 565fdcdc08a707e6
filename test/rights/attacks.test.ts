/** What somebody can do who has the credentials of one gateway, and knows how nats-server works. */
import { jetstreamManager } from "@nats-io/jetstream";
import { connect, headers, type NatsConnection } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { gatewayMember } from "../../src/rights/gateway-rights.ts";
import { natsServer } from "../support/nats-server.ts";
import { permittedBackbone, servers } from "../support/permitted-backbone.ts";
import { waitUntil } from "../support/wait-until.ts";

const site = toSiteId("plant-a");
const origins = ["gw1", "gw2"].map((gateway) => ({ site, gateway: toGatewayId(gateway) }));
const own = "ev.plant-a.gw1.d1.measurement";
/** Subjects that streams and buckets of others take. */
const foreign = [
  "ev.plant-a.gw2.d1.measurement",
  "cmd.plant-a.gw2.d1.reboot",
  "alert.c.1.plant-a.x",
  "alert.o.1.plant-a.x",
  "$KV.leases.processor.x",
  "$KV.positions.historian.x",
];

/** How much each stream holds. */
async function holdings(administrator: NatsConnection): Promise<Record<string, number>> {
  const held: Record<string, number> = {};
  for await (const { config, state } of (await jetstreamManager(administrator)).streams.list())
    held[config.name] = state.messages;
  return held;
}

/** Has the server answer to subjects of others, in every way a gateway has. */
async function nameOthersForAnswers(thief: NatsConnection): Promise<void> {
  await thief.request(own, "the first");
  for (const reply of foreign) {
    thief.publish(own, "{}", { reply });
    thief.publish("$JS.API.STREAM.INFO.GW_gw1", "", { reply });
    thief.publish("$JS.API.STREAM.MSG.GET.GW_gw1", JSON.stringify({ seq: 1 }), { reply });
    thief.publish("$JS.API.INFO", "", { reply });
    const traced = headers();
    traced.set("Nats-Trace-Dest", reply);
    thief.publish(own, "{}", { headers: traced });
    const consumer = { name: "c", deliver_subject: reply, ack_policy: "none" };
    for (const stream of ["GW_gw1", "CMD_gw1", "COMMANDS"])
      thief.publish(
        `$JS.API.CONSUMER.CREATE.${stream}.c`,
        JSON.stringify({ stream_name: stream, config: consumer }),
      );
  }
  await thief.flush();
  // What is on its way in the server arrives before what it is asked now.
  await thief.request("$JS.API.STREAM.INFO.GW_gw1");
}

describe.each(servers)("With the credentials of one gateway, on %s,", (_, program) => {
  test("nothing gets into what belongs to others, whatever a request says", async () => {
    const backbone = await permittedBackbone(origins, program);
    const administrator = await backbone.connectAs("administrator", "sluicegate-backbone");
    const thief = await backbone.connectAs("gateway-gw1", "sluicegate-gw1");
    const before = await holdings(administrator);
    await nameOthersForAnswers(thief);
    const { GW_gw1: written, ...others } = await holdings(administrator);
    expect(written).toBeGreaterThan(foreign.length);
    expect({ ...others, GW_gw1: 0 }).toEqual(before);
  });

  test("nothing is cleared by a header, and only so many connections are held", async () => {
    const backbone = await permittedBackbone(origins, program);
    const administrator = await backbone.connectAs("administrator", "sluicegate-backbone");
    const thief = await backbone.connectAs("gateway-gw1", "sluicegate-gw1");
    const refused = { error: { description: expect.stringContaining("rollup") } };
    for (let n = 0; n < 3; n += 1) await thief.request(own, `${n}`);
    for (const rollup of ["all", "sub"]) {
      const cleared = headers();
      cleared.set("Nats-Rollup", rollup);
      const answer = await thief.request(own, "", { headers: cleared, timeout: 10_000 });
      expect(answer.json()).toMatchObject(refused);
    }
    const processor = await backbone.connectAs("processor", "sluicegate-processor");
    const cleared = headers();
    cleared.set("Nats-Rollup", "all");
    const answer = await processor.request("$KV.checkpoints.rules.1", "", {
      headers: cleared,
      timeout: 10_000,
    });
    expect(answer.json()).toMatchObject(refused);
    expect(await holdings(administrator)).toMatchObject({ GW_gw1: 3 });
    for (let n = 0; n < 7; n += 1) await backbone.connectAs("gateway-gw1", "sluicegate-gw1");
    await expect(backbone.connectAs("gateway-gw1", "sluicegate-gw1")).rejects.toThrow();
    await backbone.connectAs("gateway-gw2", "sluicegate-gw2");
  });

  test("it ends when the gateway is taken out of the rights, and nobody else notices", async () => {
    const backbone = await permittedBackbone(origins, program);
    const [thief, neighbor, processor] = await Promise.all([
      backbone.connectAs("gateway-gw1", "sluicegate-gw1"),
      backbone.connectAs("gateway-gw2", "sluicegate-gw2"),
      backbone.connectAs("processor", "sluicegate-processor"),
    ]);
    await backbone.permit(origins.slice(1));
    await waitUntil(() => thief.isClosed(), "the end of its connection");
    await expect(backbone.connectAs("gateway-gw1", "sluicegate-gw1")).rejects.toThrow();
    const wrote = await neighbor.request("ev.plant-a.gw2.d1.measurement", "{}");
    expect(wrote.json()).toMatchObject({ stream: "GW_gw2", seq: 1 });
    expect((await processor.request("$JS.API.STREAM.INFO.GW_gw2")).json()).toMatchObject({
      state: { messages: 1 },
    });
  });
});

test("in one account with the others, a gateway of the same rights does get into theirs", async () => {
  const { publish, subscribe } = gatewayMember({ site, gateway: toGatewayId("gw1") });
  const rights = `publish: ${JSON.stringify(publish)}, subscribe: ${JSON.stringify(subscribe)}`;
  const { url } = await natsServer({
    configuration: `accounts { HUB { jetstream: enabled, users: [
      { user: admin, password: a }
      { user: gw1, password: g, permissions: { ${rights} } } ] } }`,
  });
  const administrator = await connect({ servers: url, user: "admin", pass: "a" });
  onTestFinished(() => administrator.close());
  const { streams } = await jetstreamManager(administrator);
  for (const gateway of ["gw1", "gw2"])
    await streams.add({ name: `GW_${gateway}`, subjects: [`ev.plant-a.${gateway}.>`] });
  const inboxPrefix = "_INBOX.sluicegate-gw1";
  const thief = await connect({ servers: url, user: "gw1", pass: "g", inboxPrefix });
  onTestFinished(() => thief.close());
  await nameOthersForAnswers(thief);
  const held = await holdings(administrator);
  expect(held["GW_gw2"]).toBeGreaterThan(0);
});
