import type { KafkaMessage } from "kafkajs";
import type { KafkaProgram } from "./kafka-program.ts";
import { waitUntil } from "./wait-until.ts";

/**
 * What a topic of Kafka holds that is committed, once there are so many and no more came for a while. Each
 * partition in its order.
 */
export async function readTopic(
  kafka: KafkaProgram,
  topic: string,
  atLeast: number,
  patienceMs = 60_000,
): Promise<readonly KafkaMessage[]> {
  const found: KafkaMessage[] = [];
  const consumer = kafka.client().consumer({
    groupId: crypto.randomUUID(),
    readUncommitted: false,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => void found.push(message),
  });
  try {
    await waitUntil(() => found.length >= atLeast, `${atLeast} in ${topic}`, patienceMs);
    let before = -1;
    const isStill = (): boolean => {
      const stands = before === found.length;
      before = found.length;
      return stands;
    };
    await waitUntil(isStill, `${topic} stands still`, patienceMs, 1_500);
  } finally {
    await consumer.disconnect();
  }
  return found;
}
