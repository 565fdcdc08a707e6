/** Three real nats-servers in one cluster on loopback; each can fall, come back, or be cut off. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { freePort } from "../../src/demo/free-port.ts";
import { type OwnNatsServer, startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { type Cable, openCable } from "../../src/simulate/cable.ts";
import { waitUntil } from "./wait-until.ts";

export const memberNames = ["n1", "n2", "n3"] as const;
export type MemberName = (typeof memberNames)[number];

/** Elections, and catching up with what a busy machine wrote meanwhile. */
const patienceMs = 240_000;
const requestMs = 2_000;

export interface NatsCluster {
  /** In the order of `memberNames`. */
  readonly urls: readonly string[];
  urlOf(name: MemberName): string;
  start(name: MemberName): Promise<void>;
  /** SIGKILL. */
  kill(name: MemberName): Promise<void>;
  /** Takes its store away, so that it comes back as a new machine of the same name. */
  wipe(name: MemberName): Promise<void>;
  /** Its clients still reach it, the other servers do not. */
  cutOff(name: MemberName): void;
  join(name: MemberName): void;
  /** The server that leads the stream, as soon as the others have all it has. */
  leader(stream: string): Promise<MemberName>;
  /** Runs `work` over a connection of its own to any server that answers. */
  connected<T>(work: (connection: NatsConnection) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

export interface NatsClusterOptions {
  readonly folder: string;
  /** Which nats-server: `NATS_SERVER_BIN` names it. Default: as this process has it. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Starts the three. Every way from one to another is a cable of its own, and nobody tells the others
 * of a shorter one.
 */
export async function startNatsCluster(options: NatsClusterOptions): Promise<NatsCluster> {
  const { env, folder } = options;
  const ports = await portsByName();
  const routePorts = await portsByName();
  const cables: { readonly from: MemberName; readonly to: MemberName; readonly cable: Cable }[] =
    [];
  for (const from of memberNames)
    for (const to of memberNames.filter((name) => name !== from)) {
      const cable = await openCable({ host: "127.0.0.1", port: portOf(routePorts, to) });
      cables.push({ from, to, cable });
    }
  const touching = (name: MemberName) =>
    cables.filter(({ from, to }) => from === name || to === name).map(({ cable }) => cable);
  const servers = new Map<MemberName, OwnNatsServer>();
  const urlOf = (name: MemberName): string => `nats://127.0.0.1:${portOf(ports, name)}`;
  const urls = memberNames.map(urlOf);

  const start = async (name: MemberName): Promise<void> => {
    const routes = cables
      .filter(({ from }) => from === name)
      .map(({ cable }) => `"nats://127.0.0.1:${cable.port}"`);
    const server = await startNatsServer({
      folder: join(folder, name),
      port: portOf(ports, name),
      configuration: `server_name: ${name}
        cluster {
          name: c, no_advertise: true
          listen: "127.0.0.1:${portOf(routePorts, name)}", routes: [${routes.join(", ")}]
        }`,
      ...(env && { env }),
    });
    servers.set(name, server);
  };
  const anyOf = async <T>(work: (connection: NatsConnection) => Promise<T>): Promise<T> => {
    let failure: unknown;
    for (const url of urls) {
      let connection: NatsConnection;
      try {
        connection = await connect({ servers: url, reconnect: false, timeout: requestMs });
      } catch (thrown) {
        failure = thrown;
        continue;
      }
      try {
        return await work(connection);
      } finally {
        await connection.close();
      }
    }
    throw failure;
  };

  await Promise.all(memberNames.map(start));
  return {
    urls,
    urlOf,
    start,
    kill: async (name) => servers.get(name)?.kill(),
    wipe: (name) => rm(join(folder, name), { recursive: true, force: true }),
    cutOff(name) {
      for (const cable of touching(name)) cable.unplug();
    },
    join(name) {
      for (const cable of touching(name)) cable.plug();
    },
    leader: (stream) =>
      waitUntil(
        () => anyOf((connection) => leaderOf(connection, stream)).catch(() => undefined),
        `${stream} has a leader and nobody is behind`,
        patienceMs,
        200,
      ),
    connected: anyOf,
    async end() {
      for (const server of servers.values()) await server.kill();
      for (const { cable } of cables) await cable.close();
    },
  };
}

async function leaderOf(
  connection: NatsConnection,
  stream: string,
): Promise<MemberName | undefined> {
  const manager = await jetstreamManager(connection, { timeout: requestMs });
  const { leader, replicas = [] } = (await manager.streams.info(stream)).cluster ?? {};
  const isWhole = replicas.length === memberNames.length - 1;
  if (!isWhole || !replicas.every(({ current, offline }) => current && !offline)) return undefined;
  return memberNames.find((name) => name === leader);
}

async function portsByName(): Promise<ReadonlyMap<MemberName, number>> {
  const ports = await Promise.all(memberNames.map(() => freePort()));
  return new Map(memberNames.map((name, at) => [name, ports[at] ?? 0]));
}

function portOf(ports: ReadonlyMap<MemberName, number>, name: MemberName): number {
  return ports.get(name) ?? 0;
}
