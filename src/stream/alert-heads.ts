import { DeliverPolicy, jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { AlertTransition } from "../core/alert.ts";
import { GatewayError } from "../core/errors.ts";
import { alertsStream } from "../core/subject.ts";
import { parseStoredTransition } from "./parse-transition.ts";
import { toStreamError } from "./stream-error.ts";

/** The client waits for ever for a stream that somebody removed, unless it is told not to. */
const consuming = { max_messages: 500, expires: 2_000, abort_on_missing_resource: true };

/**
 * Gives the last stored transition under every subject that the filter takes, in the order of the
 * stream. While others append, an instance may come again with a later one. Rejects when the
 * connection ends before all were given.
 */
export async function readAlertHeads(
  connection: NatsConnection,
  natsSubjectFilter: string,
  onHead: (transition: AlertTransition) => void,
): Promise<void> {
  let pending: number;
  try {
    const consumer = await jetstream(connection).consumers.get(alertsStream, {
      deliver_policy: DeliverPolicy.LastPerSubject,
      filter_subjects: natsSubjectFilter,
    });
    pending = (await consumer.info()).num_pending;
    if (pending > 0)
      for await (const message of await consumer.consume(consuming)) {
        const transition = parseStoredTransition(message.subject, message.data);
        if (transition) onHead(transition);
        pending = message.info.pending;
        if (pending === 0) break;
      }
    await consumer.delete();
  } catch (thrown) {
    throw toStreamError(thrown, "cannot read the last alert transitions");
  }
  if (pending > 0)
    throw new GatewayError(
      "stream.unavailable",
      `reading the last alert transitions ended with ${pending} to come; read them again`,
    );
}
