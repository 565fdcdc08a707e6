/** The same rights as claims of JWTs, signed by an operator: they work, and keep gateways apart. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, credsAuthenticator, type NatsConnection } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { gatewayMember } from "../../src/rights/gateway-rights.ts";
import { hubMembers } from "../../src/rights/hub-rights.ts";
import { hubAccount } from "../../src/rights/server-configuration.ts";
import { userClaims } from "../../src/rights/user-claims.ts";
import { makeUserKey } from "../../src/stream/nkey.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { prepareBackbone } from "../../src/stream/prepare-backbone.ts";
import { natsServer } from "../support/nats-server.ts";
import { servers } from "../support/permitted-backbone.ts";
import { signBackbone } from "../support/signed-backbone.ts";
import { tempFolder } from "../support/temp-folder.ts";

const site = toSiteId("plant-a");
const gateways = ["gw1", "gw2"].map((gateway) => ({ site, gateway: toGatewayId(gateway) }));

describe.each(servers)("On %s", (_, program) => {
  test("claims that an operator signed give a gateway its own stream, and nothing of its neighbor's", async () => {
    const members = [...gateways.map(gatewayMember), ...hubMembers(gateways)];
    const keys = new Map(members.map(({ name }) => [name, makeUserKey()]));
    const keyed = members.map((member) => ({
      ...member,
      publicKey: keys.get(member.name)?.publicKey ?? "",
    }));
    const signed = signBackbone(userClaims(keyed), hubAccount);
    const { url } = await natsServer({
      configuration: signed.configuration,
      ...(program !== undefined && { env: { ...process.env, NATS_SERVER_BIN: program } }),
    });
    const folder = await tempFolder();
    const connectAs = async (member: string, name: string): Promise<NatsConnection> => {
      const creds = signed.credsOf(member, keys.get(member)?.seed ?? "");
      await writeFile(join(folder, `${member}.creds`), creds, { mode: 0o600 });
      const authenticator = credsAuthenticator(new TextEncoder().encode(creds));
      const inboxPrefix = `_INBOX.${name}`;
      const connection = await connect({ servers: url, inboxPrefix, authenticator });
      onTestFinished(() => connection.close());
      return connection;
    };
    const administrator = await connectAs("administrator", "sluicegate-backbone");
    const options = backboneOptions.parse({ servers: [url] });
    const preparation = { gateways, options, dryRun: false, anew: false };
    for await (const _part of prepareBackbone(administrator, preparation));
    const gateway = await connectAs("gateway-gw1", "sluicegate-gw1");
    const own = "ev.plant-a.gw1.d1.measurement";
    const written = await gateway.request(own, "{}", { timeout: 10_000 });
    expect(written.json()).toMatchObject({ stream: "GW_gw1", seq: 1 });
    gateway.publish(own, "{}", { reply: "ev.plant-a.gw2.d1.measurement" });
    gateway.publish("ev.plant-a.gw2.d1.measurement", "{}");
    await gateway.flush();
    const asked = await gateway.request("$JS.API.STREAM.INFO.GW_gw1", "", { timeout: 10_000 });
    expect(asked.json()).toMatchObject({ state: { messages: 2 } });
    const neighbor = await administrator.request("$JS.API.STREAM.INFO.GW_gw2");
    expect(neighbor.json()).toMatchObject({ state: { messages: 0 } });
  });
});
