/** A target that is Kafka: exactly once, since where we are is stored with what was carried. */
import { silentLogger } from "../core/logger.ts";
import { createKafka } from "./kafka-client.ts";
import { kafkaTrouble } from "./kafka-errors.ts";
import { KafkaGroups } from "./kafka-groups.ts";
import { ensurePositionsTopic } from "./kafka-positions.ts";
import { KafkaSession } from "./kafka-session.ts";
import {
  type BatchLink,
  type LinkDependencies,
  LinkTrouble,
  type TryDependencies,
} from "./link.ts";
import type { KafkaOptions } from "./options.ts";

/** Logs in and asks for the brokers of the cluster. */
export async function knockKafka(
  options: KafkaOptions,
  { secrets }: TryDependencies,
): Promise<string | undefined> {
  const admin = createKafka(options, await secrets(), silentLogger, 0).admin();
  try {
    await admin.connect();
    await admin.describeCluster();
    return undefined;
  } catch (thrown) {
    return kafkaTrouble(thrown, "cannot use Kafka").reason;
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

export function openKafkaLink(options: KafkaOptions, deps: LinkDependencies): BatchLink {
  const groupsOf = new Map<string, KafkaGroups>();
  return {
    kind: "batches",
    async begin(share) {
      const kafka = createKafka(options, await deps.secrets(), deps.logger);
      try {
        await ensurePositionsTopic(kafka, options.positions_topic);
      } catch (thrown) {
        if (thrown instanceof LinkTrouble) throw thrown;
        throw new LinkTrouble(kafkaTrouble(thrown, "cannot use Kafka"), { cause: thrown });
      }
      const groups = groupsOf.get(share) ?? new KafkaGroups();
      groupsOf.set(share, groups);
      return KafkaSession.begin(kafka, options, share, groups, deps.clock);
    },
    close: async () => {},
  };
}
