/** A target that is Kafka: exactly once, since where we are is stored with what was carried. */
import { createKafka } from "./kafka-client.ts";
import { kafkaTrouble } from "./kafka-errors.ts";
import { ensurePositionsTopic } from "./kafka-positions.ts";
import { KafkaSession } from "./kafka-session.ts";
import { type BatchLink, LinkTrouble } from "./link.ts";
import type { LinkDependencies } from "./open-link.ts";
import type { KafkaOptions } from "./options.ts";

export function openKafkaLink(options: KafkaOptions, deps: LinkDependencies): BatchLink {
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
      return KafkaSession.begin(kafka, options, share, deps.clock);
    },
    close: async () => {},
  };
}
