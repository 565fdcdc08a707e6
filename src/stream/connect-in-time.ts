import { GatewayError } from "../core/errors.ts";
import type { Backbone } from "./backbone.ts";
import { handshakeTrouble } from "./server-tls.ts";

/** How long a command waits for a connection, and what its user can do without one. */
export interface Patience {
  readonly servers: readonly string[];
  readonly timeoutMs: number;
  /** `start one (sluicegate up, where backbone.servers names none), or name another with --nats` */
  readonly advice: string;
  /** Aborted when the command is to end. */
  readonly signal?: AbortSignal;
}

/**
 * The connection of a command that cannot go on without one. Rejects with `stream.unavailable` when
 * there is none in time, with `stream.unauthorized` when the credentials are refused, and with
 * `shutdown` only after `signal`.
 */
export async function connectInTime(
  backbone: Backbone,
  { advice, servers, signal, timeoutMs }: Patience,
): ReturnType<Backbone["connected"]> {
  const late = AbortSignal.timeout(timeoutMs);
  try {
    return await backbone.connected(signal ? AbortSignal.any([signal, late]) : late);
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    const { state } = backbone;
    const failure = state.kind === "disconnected" ? state.failure : undefined;
    if (failure?.code === "stream.unauthorized") throw failure;
    const handshake = handshakeTrouble(failure);
    throw new GatewayError(
      "stream.unavailable",
      handshake
        ? `no connection to the backbone at ${servers.join(", ")}: ${handshake.reason}`
        : `no backbone answers at ${servers.join(", ")}; ${advice}`,
      { cause: failure ?? thrown },
    );
  }
}
