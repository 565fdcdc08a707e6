import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/retry.ts";
import { readCredentials } from "./credentials.ts";
import { keepErrorListener } from "./keep-error-listener.ts";
import type { BackboneOptions } from "./options.ts";
import { probeServer } from "./probe-server.ts";
import { addressToVerify, readServerTls } from "./server-tls.ts";
import { checkServerVersion } from "./server-version.ts";
import { toStreamError } from "./stream-error.ts";

/**
 * A server that is there greets within two round trips. Where packets are lost the system asks again
 * after 1, 3 and 7 s: whoever waited longer here would be late after the link is back.
 */
const greetingTimeoutMs = 5_000;
const connectTimeoutMs = 10_000;

export interface Caller {
  /** The name that the server shows for this client. */
  readonly name: string;
  readonly inboxPrefix: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Servers that are tried only when no other answers. */
  readonly avoided?: ReadonlySet<string>;
}

export interface Reached {
  readonly connection: NatsConnection;
  /** Which of `servers`, as it is written there. */
  readonly server: string;
}

/** Tries each server once, beginning with any; rejects with the failure of the last. */
export async function connectToAny(
  options: Pick<BackboneOptions, "servers" | "credentials" | "tls">,
  caller: Caller,
  signal: AbortSignal,
): Promise<Reached> {
  const { credentials, servers, tls } = options;
  let failure: unknown;
  for (const server of inTurn(servers, caller)) {
    try {
      await probeServer(server, greetingTimeoutMs, caller.clock, signal);
      const isSecret = tls !== undefined || server.startsWith("tls://");
      const connection = await connect({
        servers: [server],
        name: caller.name,
        inboxPrefix: caller.inboxPrefix,
        reconnect: false,
        timeout: connectTimeoutMs,
        noAsyncTraces: true,
        ...(isSecret && {
          tls: { ...addressToVerify(server), ...(tls && (await readServerTls(tls))) },
        }),
        ...(credentials && { authenticator: await readCredentials(credentials.file) }),
      });
      keepErrorListener(connection);
      try {
        checkServerVersion(server, connection.info?.version ?? "");
        return { connection, server };
      } catch (thrown) {
        await connection.close();
        throw thrown;
      }
    } catch (thrown) {
      failure = toStreamError(thrown, `cannot connect to ${server}`);
    }
  }
  throw failure;
}

/** All of them, beginning with any; those that are avoided come last. */
function inTurn(servers: readonly string[], { avoided, random }: Caller): readonly string[] {
  const first = Math.floor(random() * servers.length);
  const turn = [...servers.slice(first), ...servers.slice(0, first)];
  const isAvoided = (server: string): boolean => avoided?.has(server) ?? false;
  return [...turn.filter((server) => !isAvoided(server)), ...turn.filter(isAvoided)];
}
