/** Streams that take messages in batches, one answer for many: what a server says of it, and how it is asked. */
import type { StreamInfo } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { readStreamInfo, streamApi } from "./message-get.ts";
import { apiCodeOf, apiCodes, toStreamError } from "./stream-error.ts";

/** The level of its interface from which on a server takes batches, and where it tells its own. */
const batchLevel = 4;
const levelKey = "_nats.level";

/** `off`: the server could, but is not told to; `unknown`: it does not say that it can. */
export type BatchesAllowed = "on" | "off" | "unknown";

export function batchesOf({ config }: Pick<StreamInfo, "config">): BatchesAllowed {
  if (config.allow_batched === true) return "on";
  return Number(config.metadata?.[levelKey]) >= batchLevel ? "off" : "unknown";
}

export function withBatches<C extends object>(config: C): C & { readonly allow_batched: true } {
  return { ...config, allow_batched: true };
}

/**
 * Has a stream that is there take batches, and changes nothing else of it. Gives what the server says
 * afterwards. Rejects as the stream does, with `stream.unauthorized` where the right is missing.
 */
export async function allowBatches(
  connection: NatsConnection,
  stream: string,
): Promise<BatchesAllowed> {
  const info = await readStreamInfo(connection, stream);
  if (!info) return "unknown";
  try {
    const { streams } = await streamApi(connection);
    await streams.update(stream, withBatches(info.config));
  } catch (thrown) {
    if (apiCodeOf(thrown) === apiCodes.notUnderstood) return "unknown";
    throw toStreamError(thrown, `cannot have stream ${stream} take batches`);
  }
  const changed = await readStreamInfo(connection, stream);
  return changed ? batchesOf(changed) : "unknown";
}
