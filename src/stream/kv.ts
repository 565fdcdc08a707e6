/**
 * Key-value buckets: positions, checkpoints, leases.
 *
 * A write names the revision it replaces, so the slower of two writers is refused (`stream.fenced`)
 * and knows that it is no longer alone. Reads go to the leader: a copy of a bucket may be behind,
 * and a revision from there would be refused for no reason. No time to live per key is offered;
 * servers before 2.11 take it and forget it.
 */
import type { StreamConfig } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import type { Backbone } from "./backbone.ts";
import { bucketConfig } from "./bucket-config.ts";
import { listKeys } from "./key-list.ts";
import { readStreamInfo, streamApi } from "./message-get.ts";
import type { BackboneOptions } from "./options.ts";
import { toStreamError } from "./stream-error.ts";

const requestTimeoutMs = 5_000;

/** A value with the number of its last change; the next write of the key names it. */
export interface KeyValue {
  readonly value: Uint8Array;
  readonly revision: number;
}

/** One bucket, over one connection. */
export interface KeyValueBucket {
  get(key: string): Promise<KeyValue | undefined>;
  /**
   * Writes when the key still has `revision`, 0 for a key that must not exist; gives the new
   * revision. Throws `stream.fenced` when somebody else wrote. After any other failure the write
   * may have happened.
   */
  put(key: string, value: Uint8Array, revision: number): Promise<number>;
  /** The keys that a filter takes: `rules.*`, `rules.7.>`; at most 10,000. */
  keys(filter: string): Promise<readonly string[]>;
  /** Takes a key away, or all that a filter takes, without a trace. */
  remove(filter: string): Promise<void>;
}

/** As seen by who reads it only. */
export type ReadableBucket = Pick<KeyValueBucket, "get">;

/**
 * Gives the bucket over the present connection; waits for one. It is opened once for each, and again
 * after a failure: somebody may have removed it.
 */
export function cacheBucket(
  backbone: Backbone,
  name: string,
  options: BackboneOptions,
): (signal: AbortSignal) => Promise<KeyValueBucket> {
  let opened: { connection: NatsConnection; bucket: KeyValueBucket } | undefined;
  const forget = (): void => {
    opened = undefined;
  };
  return async (signal) => {
    const connection = await backbone.connected(signal);
    if (opened?.connection === connection) return opened.bucket;
    const bucket = await openBucket(connection, name, options.replicas, forget);
    opened = { connection, bucket };
    return bucket;
  };
}

/** How a bucket differs from what it has to be, each setting in words. */
export function bucketDifferences(
  name: string,
  config: Pick<StreamConfig, "max_age" | "max_msgs_per_subject" | "storage" | "subjects">,
): readonly string[] {
  const { max_age, max_msgs_per_subject, storage, subjects } = config;
  return [
    max_msgs_per_subject !== 1 && `max_msgs_per_subject is ${max_msgs_per_subject}, not 1`,
    storage !== "file" && `storage is ${storage}, not file`,
    max_age !== 0 && "values expire",
    subjects[0] !== `$KV.${name}.>` && `subjects are ${subjects.join(", ")}`,
  ].filter((difference) => difference !== false);
}

/**
 * Opens a bucket, creating it where it is missing; throws `stream.contract-mismatch`. `onFailure` is
 * called when something could not be done over it, before that is thrown.
 */
export async function openBucket(
  connection: NatsConnection,
  name: string,
  replicas: number,
  onFailure: () => void = () => {},
): Promise<KeyValueBucket> {
  const stream = `KV_${name}`;
  const subjectOf = (key: string): string => `$KV.${name}.${key}`;
  const attempt = async <T>(tried: string, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (thrown) {
      onFailure();
      throw toStreamError(thrown, `cannot ${tried} bucket ${name}`);
    }
  };

  const { kv, jsm } = await attempt("open", async () => {
    const api = await streamApi(connection);
    if (!(await readStreamInfo(connection, stream)))
      await api.streams.add(bucketConfig(name, replicas));
    return { kv: await new Kvm(connection).open(name, { allow_direct: false }), jsm: api };
  });
  await attempt("read the settings of", async () => {
    const { config } = await jsm.streams.info(stream);
    const differences = bucketDifferences(name, config);
    if (differences.length > 0)
      throw new GatewayError(
        "stream.contract-mismatch",
        `bucket ${name} differs: ${differences.join("; ")}; change it or remove it`,
      );
  });

  return {
    get: (key) =>
      attempt(`read ${key} in`, async () => {
        const entry = await kv.get(key);
        if (entry === null || entry.operation !== "PUT") return undefined;
        return { value: entry.value, revision: entry.revision };
      }),
    put: (key, value, revision) =>
      attempt(`write ${key} in`, () =>
        kv.put(key, value, { previousSeq: revision, timeout: requestTimeoutMs }),
      ),
    keys: (filter) => attempt(`list ${filter} in`, () => listKeys(connection, name, filter)),
    remove: (filter) =>
      attempt(`remove ${filter} in`, async () => {
        await jsm.streams.purge(stream, { filter: subjectOf(filter) });
      }),
  };
}
