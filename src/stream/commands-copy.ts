/**
 * Copies of the commands: one stream for each gateway, with what is for it and no more. The server
 * fills it out of the stream of commands; the gateway reads it without the right to read others'.
 */
import type { StreamConfig, StreamInfo } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Origin } from "../core/event.ts";
import { commandsCopyStream, commandsStream, gatewayCommands } from "../core/subject.ts";
import { readStreamInfo, streamApi } from "./message-get.ts";
import type { BackboneOptions } from "./options.ts";
import { commandsStreamContract, toStreamConfig } from "./stream-contract.ts";
import { toStreamError } from "./stream-error.ts";

/** How a copy is. */
export type CopyState =
  | "missing"
  | "good"
  /** It has subjects or sources of its own: somebody else made it, for something else. */
  | "foreign"
  /** The stream of commands is another one than it was filled from, and the server skips what comes. */
  | "stuck";

/** What the server writes on each message of a copy: the stream it comes from, and its place there. */
const sourceHeader = "Nats-Stream-Source";

/** Looks at the copy for one gateway. */
export async function lookAtCopy(connection: NatsConnection, origin: Origin): Promise<CopyState> {
  const name = commandsCopyStream(origin.gateway);
  const copy = await readStreamInfo(connection, name);
  if (!copy) return "missing";
  if (!isCopyFor(copy.config, origin)) return "foreign";
  const commands = await readStreamInfo(connection, commandsStream);
  if (!commands) return "good";
  return (await lastCopied(connection, copy)) > commands.state.last_seq || isOlder(copy, commands)
    ? "stuck"
    : "good";
}

/** Makes it; the stream of commands has to be there. */
export async function makeCopy(
  connection: NatsConnection,
  origin: Origin,
  options: BackboneOptions,
): Promise<void> {
  const name = commandsCopyStream(origin.gateway);
  const contract = commandsStreamContract(options);
  try {
    await (await streamApi(connection)).streams.add({
      ...toStreamConfig({ ...contract, name, subjects: [] }),
      sources: [{ name: commandsStream, filter_subject: filterFor(origin) }],
    });
  } catch (thrown) {
    throw toStreamError(thrown, `cannot create stream ${name}`);
  }
}

/** Takes it away. Nothing is lost by that: the commands stand where they came from. */
export async function removeCopy(connection: NatsConnection, { gateway }: Origin): Promise<void> {
  const name = commandsCopyStream(gateway);
  try {
    await (await streamApi(connection)).streams.delete(name);
  } catch (thrown) {
    throw toStreamError(thrown, `cannot remove stream ${name}`);
  }
}

function filterFor({ gateway, site }: Origin): string {
  return gatewayCommands(site, gateway);
}

function isCopyFor({ mirror, sources = [], subjects = [] }: Partial<StreamConfig>, origin: Origin) {
  const [source, ...more] = sources;
  return (
    (mirror ?? undefined) === undefined &&
    subjects.length === 0 &&
    more.length === 0 &&
    source?.name === commandsStream &&
    source.filter_subject === filterFor(origin)
  );
}

function isOlder(copy: StreamInfo, commands: StreamInfo): boolean {
  return Date.parse(String(copy.created)) < Date.parse(String(commands.created));
}

/** The place, in the stream of commands, of what was copied last. */
async function lastCopied(
  connection: NatsConnection,
  { config, state }: StreamInfo,
): Promise<number> {
  if (state.messages === 0) return 0;
  const api = await streamApi(connection);
  const last = await api.streams.getMessage(config.name, { last_by_subj: ">" }).catch(() => null);
  return Number(last?.header.get(sourceHeader).split(" ")[1] ?? 0);
}
