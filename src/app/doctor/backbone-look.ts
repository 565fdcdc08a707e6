/** The backbone as checks see it: one connection for all of them, made once and not kept up. */
import { GatewayError } from "../../core/errors.ts";
import { escapeToken } from "../../core/token.ts";
import type { Backbone } from "../../stream/backbone.ts";
import { connectToAny } from "../../stream/connect-to-any.ts";
import type { BackboneOptions } from "../../stream/options.ts";
import { systemClock } from "../system-clock.ts";

type Connection = Awaited<ReturnType<Backbone["connected"]>>;

export interface BackboneLook {
  readonly connection: Connection;
  /** As the configuration names it. */
  readonly server: string;
  readonly options: BackboneOptions;
}

/** How one server of the configuration answered. */
export interface ServerAnswer {
  readonly server: string;
  readonly rttMs?: number;
  readonly version?: string;
  readonly failure?: GatewayError;
}

export interface BackboneTries {
  readonly answers: readonly ServerAnswer[];
  /** Undefined where no server took us. */
  readonly look: BackboneLook | undefined;
}

interface Trying {
  /** What servers show. */
  readonly name: string;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** Tries each server by itself; the first that takes us stays connected. */
export async function tryServers(options: BackboneOptions, trying: Trying): Promise<BackboneTries> {
  const tried = await Promise.all(
    options.servers.map((server) => tryServer(options, server, trying)),
  );
  const [first, ...others] = tried.filter(({ connection }) => connection !== undefined);
  await Promise.all(others.map(({ connection }) => connection?.close()));
  return {
    answers: tried.map(({ answer }) => answer),
    look: first?.connection && {
      connection: first.connection,
      server: first.answer.server,
      options,
    },
  };
}

async function tryServer(
  options: BackboneOptions,
  server: string,
  { name, patienceMs, signal }: Trying,
): Promise<{ answer: ServerAnswer; connection?: Connection }> {
  const inboxPrefix = `_INBOX.${escapeToken(name)}`;
  const caller = { name, inboxPrefix, clock: systemClock, random: Math.random };
  const late = AbortSignal.timeout(patienceMs);
  const ends = AbortSignal.any([signal, late]);
  try {
    const { connection } = await connectToAny({ ...options, servers: [server] }, caller, ends);
    const rttMs = await connection.rtt();
    const version = connection.info?.version ?? "unknown";
    return { connection, answer: { server, rttMs, version } };
  } catch (thrown) {
    const tried = `cannot connect to ${server}`;
    const failure = late.aborted
      ? new GatewayError("stream.unavailable", `${tried}: nothing was heard for ${patienceMs} ms`)
      : GatewayError.from(thrown, "stream.unavailable", tried);
    return { answer: { server, failure } };
  }
}
