/** Forwarders that write to the nats-servers of `deploy/nats`, and what their stream then holds. */
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { freePort } from "../../src/demo/free-port.ts";
import { origin, startForwarding, stream, until } from "../forward/rig.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { type NatsSite, natsSite, ShippedNatsServer } from "../support/shipped-nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Forwards what a log holds, as a gateway that has the user; gives when all of it is confirmed. */
export function forward(site: NatsSite, servers: readonly ShippedNatsServer[], log: MemoryLog) {
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
export async function idsIn(connection: NatsConnection): Promise<string[]> {
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info(stream);
  const ids: string[] = [];
  for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq += 1)
    ids.push((await manager.streams.getMessage(stream, { seq }))?.header.get("Ce-Id") ?? "");
  return ids;
}

export function logOf(count: number): MemoryLog {
  const log = new MemoryLog(origin);
  log.appendMany(count);
  return log;
}

/** A hub that leaf nodes reach. */
export async function hubWithLeaves(program: string) {
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
export function leafOf(name: string, file: string) {
  return { name, file, instead: { "server.crt": `${name}.crt`, "server.key": `${name}.key` } };
}
