/** A key-value bucket as whoever only looks sees it: it is not made where it is missing. */
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import { listKeys } from "./key-list.ts";
import type { KeyValue, ReadableBucket } from "./kv.ts";
import { getLastMessage, readStreamFacts } from "./message-get.ts";
import { toStreamError } from "./stream-error.ts";

/** A value, and when the server stored it. */
export type SavedValue = KeyValue & { readonly savedMs: EpochMs };

export interface ReadOnlyBucket extends ReadableBucket {
  get(key: string): Promise<SavedValue | undefined>;
  /** The keys that a filter takes: `rules.*`; at most 10,000. */
  keys(filter: string): Promise<readonly string[]>;
}

/** Undefined where there is no such bucket. */
export async function openReadOnlyBucket(
  connection: NatsConnection,
  name: string,
): Promise<ReadOnlyBucket | undefined> {
  const stream = `KV_${name}`;
  if (!(await readStreamFacts(connection, stream))) return undefined;
  return {
    async get(key) {
      const message = await getLastMessage(connection, stream, `$KV.${name}.${key}`);
      // What somebody deleted by hand has no bytes.
      if (!message || message.body.length === 0) return undefined;
      return { value: message.body, revision: message.streamSeq, savedMs: message.storedMs };
    },
    async keys(filter) {
      return listKeys(connection, name, filter).catch((thrown: unknown) => {
        throw toStreamError(thrown, `cannot list ${filter} in bucket ${name}`);
      });
    },
  };
}
