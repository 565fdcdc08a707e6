/**
 * Where a bridge is, kept in Kafka itself: records of a compacted topic, written in the transactions of what
 * was carried. Offsets of consumer groups would be forgotten after a week of silence.
 */
import { ConfigResourceTypes, type Kafka } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import { LinkTrouble } from "./link.ts";

/** All positions are in the first partition, in their order. */
export const positionsPartition = 0;
/** Little, so that what is compacted away is soon, and a start reads little. */
const topicSettings = [
  { name: "cleanup.policy", value: "compact" },
  { name: "segment.bytes", value: String(16 * 1_048_576) },
  { name: "segment.ms", value: String(600_000) },
  { name: "min.cleanable.dirty.ratio", value: "0.1" },
];

/** Makes the topic where it is missing; rejects where it forgets what is old. */
export async function ensurePositionsTopic(kafka: Kafka, topic: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const topics = await admin.listTopics();
    if (!topics.includes(topic))
      await admin.createTopics({
        waitForLeaders: true,
        topics: [{ topic, numPartitions: 1, configEntries: topicSettings }],
      });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        { type: ConfigResourceTypes.TOPIC, name: topic, configNames: ["cleanup.policy"] },
      ],
    });
    const policy = resources[0]?.configEntries.find(
      ({ configName }) => configName === "cleanup.policy",
    )?.configValue;
    if (policy === "compact") return;
    const reason =
      `the topic ${topic} has cleanup.policy ${policy}: it would forget what was carried; ` +
      "set it to compact, or name another positions_topic";
    throw new LinkTrouble({ kind: "trouble", reason, needsPeople: true });
  } finally {
    await admin.disconnect();
  }
}

/** What a record of the topic says. */
export interface StoredRecord {
  readonly key: string;
  readonly value: string;
}

export interface PositionReading {
  /** The name of a consumer group that nobody else has. */
  readonly group: string;
  readonly until: StoredRecord;
  readonly timeoutMs: number;
}

/**
 * Reads the topic from its beginning up to the record that holds `until`, which has to be there. Only what is
 * committed is seen, so everything that is in front of that record is decided.
 */
export async function readPositions(
  kafka: Kafka,
  topic: string,
  { group, timeoutMs, until }: PositionReading,
  clock: Clock,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const consumer = kafka.consumer({ groupId: group, readUncommitted: false, maxWaitTimeInMs: 100 });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const late = clock.setTimer(timeoutMs, () =>
        reject(new Error(`positions could not be read in ${timeoutMs} ms`)),
      );
      const end = (failure?: Error): void => {
        late.cancel();
        if (failure) reject(failure);
        else resolve();
      };
      consumer.on("consumer.crash", ({ payload }) => end(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ message }) => {
            const key = message.key?.toString() ?? "";
            const value = message.value?.toString() ?? "";
            if (key === until.key && value === until.value) end();
            else found.set(key, value);
          },
        })
        .catch(end);
    });
  } finally {
    await consumer.disconnect().catch(() => {});
  }
  return found;
}
