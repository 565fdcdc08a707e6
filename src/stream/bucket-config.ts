import { DiscardPolicy, RetentionPolicy, StorageType } from "@nats-io/jetstream";

const duplicateWindowNanos = 1_000_000_000;

/**
 * How a key-value bucket is made: as other clients of NATS know them, but for one thing. No header of a
 * message may purge what is there, or who may write one key could clear those of others.
 */
export function bucketConfig(name: string, replicas: number) {
  return {
    name: `KV_${name}`,
    subjects: [`$KV.${name}.>`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: 1,
    max_msgs: -1,
    max_bytes: -1,
    max_msg_size: -1,
    max_age: 0,
    max_consumers: -1,
    num_replicas: replicas,
    duplicate_window: duplicateWindowNanos,
    deny_delete: true,
    deny_purge: false,
    allow_rollup_hdrs: false,
    allow_direct: false,
  };
}
