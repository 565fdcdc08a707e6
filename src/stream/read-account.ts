import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { toStreamError } from "./stream-error.ts";

/** What the account of a connection stores. */
export interface AccountFacts {
  readonly streams: number;
  readonly bytes: number;
  /** Undefined where nothing but the disk is a limit. */
  readonly mostBytes: number | undefined;
}

/** Rejects with `stream.no-responders` where JetStream is off, `stream.unauthorized` without the right to ask. */
export async function readAccount(
  connection: NatsConnection,
  timeoutMs: number,
): Promise<AccountFacts> {
  try {
    const options = { checkAPI: false, timeout: timeoutMs };
    const manager = await jetstreamManager(connection, options);
    const { limits, storage, streams } = await manager.getAccountInfo();
    const mostBytes = limits.max_storage > 0 ? limits.max_storage : undefined;
    return { streams, bytes: storage, mostBytes };
  } catch (thrown) {
    throw toStreamError(thrown, "cannot ask whether JetStream is on");
  }
}
