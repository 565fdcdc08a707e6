import { startKafka } from "../../support/kafka-program.ts";
import { readTopic } from "../../support/read-topic.ts";
import type { CampaignTarget } from "./campaign-target.ts";

const topic = "events";
const patienceMs = 120_000;

/** Kafka of one node; what counts is what is committed. */
export async function kafkaTarget(folder: string): Promise<CampaignTarget> {
  // Killed at once, it has what it said only where that is on its disk.
  const kafka = await startKafka(folder, ["log.flush.interval.messages=1"]);
  await kafka.kill();
  return {
    name: "kafka",
    isExactlyOnce: true,
    entry: { name: "kafka", kind: "kafka", brokers: [kafka.address], topic, timeout: "5s" },
    start: () => kafka.start(),
    kill: () => kafka.kill(),
    async received(atLeast) {
      const messages = await readTopic(kafka, topic, atLeast, patienceMs);
      return messages.map(({ headers }) => String(headers?.["ce_id"]));
    },
    end: () => kafka.kill(),
  };
}
