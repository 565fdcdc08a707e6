/** A nats-server with the rights that `sluicegate nats-permissions` gives, and everything prepared. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, type NatsConnection, nkeyAuthenticator } from "@nats-io/transport-node";
import { onTestFinished } from "vitest";
import { openBackboneFor } from "../../src/app/open-backbone-for.ts";
import type { Origin } from "../../src/core/event.ts";
import { gatewayMember } from "../../src/rights/gateway-rights.ts";
import { hubMembers } from "../../src/rights/hub-rights.ts";
import { serverConfiguration } from "../../src/rights/server-configuration.ts";
import { makeUserKey } from "../../src/stream/nkey.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { prepareBackbone } from "../../src/stream/prepare-backbone.ts";
import { connectionOf } from "./backbone.ts";
import { currentServer, envOf } from "./current-nats-server.ts";
import { natsServer } from "./nats-server.ts";
import { tempFolder } from "./temp-folder.ts";

/** Servers by what they are called in the names of tests. */
export const servers: readonly (readonly [name: string, program: string | undefined])[] = [
  ["the oldest server", undefined],
  ...(currentServer === undefined ? [] : [["the current server", currentServer] as const]),
];

export interface PermittedBackbone {
  readonly url: string;
  readonly pid: number;
  /** Where the seed of a member is: `gateway-gw1`, `processor`. */
  seedFile(member: string): string;
  /** A connection of a member's, by the name whose inbox it has. */
  connectAs(member: string, clientName: string): Promise<NatsConnection>;
  /** What the server has refused so far, as it writes it down. */
  refusals(): Promise<readonly string[]>;
  /** Takes these gateways in, and no others, and has the server read it. */
  permit(gateways: readonly Origin[]): Promise<void>;
}

/** `program`: in place of the server that is found. */
export async function permittedBackbone(
  gateways: readonly Origin[],
  program?: string,
): Promise<PermittedBackbone> {
  const folder = await tempFolder();
  const usersFile = join(folder, "users.conf");
  const seeds = join(folder, "seeds");
  const logFile = join(folder, "nats.log");
  await mkdir(seeds);
  const keys = new Map<string, ReturnType<typeof makeUserKey>>();
  const seedFile = (member: string): string => join(seeds, `${member}.nk`);
  const write = async (origins: readonly Origin[]): Promise<void> => {
    const members = [...origins.map(gatewayMember), ...hubMembers(origins)];
    const keyed = members.map((member) => {
      const key = keys.get(member.name) ?? makeUserKey();
      keys.set(member.name, key);
      return { ...member, publicKey: key.publicKey };
    });
    await writeFile(usersFile, serverConfiguration(keyed));
    for (const [name, { seed }] of keys) await writeFile(seedFile(name), seed, { mode: 0o600 });
  };
  await write(gateways);
  const { pid, url } = await natsServer({
    folder: join(folder, "nats"),
    configuration: `include "../users.conf"
log_file: ${JSON.stringify(logFile)}`,
    ...envOf(program),
  });
  const options = backboneOptions.parse({
    servers: [url],
    credentials: { file: seedFile("administrator") },
  });
  const administrator = openBackboneFor(options, "sluicegate-backbone");
  const prepare = async (origins: readonly Origin[]): Promise<void> => {
    const preparation = { gateways: origins, options, dryRun: false, anew: false };
    for await (const _ of prepareBackbone(await connectionOf(administrator), preparation));
  };
  onTestFinished(() => administrator.close());
  await prepare(gateways);
  return {
    ...{ pid, url, seedFile },
    async connectAs(member, name) {
      const seed = new TextEncoder().encode(keys.get(member)?.seed ?? "");
      const authenticator = nkeyAuthenticator(seed);
      const inboxPrefix = `_INBOX.${name}`;
      const connection = await connect({
        ...{ servers: url, name, inboxPrefix, authenticator },
        reconnect: false,
      });
      onTestFinished(() => connection.close());
      return connection;
    },
    refusals: async () =>
      (await readFile(logFile, "utf8")).split("\n").filter((line) => line.includes("Violation")),
    async permit(origins) {
      await write(origins);
      process.kill(pid, "SIGHUP");
    },
  };
}
