import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/retry.ts";
import { readCredentials } from "./credentials.ts";
import type { BackboneOptions } from "./options.ts";
import { probeServer } from "./probe-server.ts";
import { checkServerVersion } from "./server-version.ts";
import { toStreamError } from "./stream-error.ts";

const connectTimeoutMs = 10_000;

export interface Caller {
  /** The name that the server shows for this client. */
  readonly name: string;
  readonly inboxPrefix: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** Tries each server once, beginning with any; rejects with the failure of the last. */
export async function connectToAny(
  options: Pick<BackboneOptions, "servers" | "credentials">,
  caller: Caller,
  signal: AbortSignal,
): Promise<NatsConnection> {
  const { credentials, servers } = options;
  const first = Math.floor(caller.random() * servers.length);
  let failure: unknown;
  for (const server of [...servers.slice(first), ...servers.slice(0, first)]) {
    try {
      await probeServer(server, connectTimeoutMs, caller.clock, signal);
      const connection = await connect({
        servers: [server],
        name: caller.name,
        inboxPrefix: caller.inboxPrefix,
        reconnect: false,
        timeout: connectTimeoutMs,
        noAsyncTraces: true,
        ...(server.startsWith("tls://") && { tls: {} }),
        ...(credentials && { authenticator: await readCredentials(credentials.file) }),
      });
      try {
        checkServerVersion(server, connection.info?.version ?? "");
        return connection;
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
