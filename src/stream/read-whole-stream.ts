import { DeliverPolicy, type JsMsg, jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import { readStreamFacts } from "./message-get.ts";
import { toStreamError } from "./stream-error.ts";

/** The client waits for ever for a stream that somebody removed, unless it is told not to. */
const consuming = { max_messages: 5_000, expires: 2_000, abort_on_missing_resource: true };

/** One message of a stream that is read through. */
export interface WholeStreamMessage {
  readonly streamSeq: number;
  readonly natsSubject: string;
  readonly body: Uint8Array;
}

/**
 * Reads every message that the stream holds now, in order and each once: for proofs and ledgers,
 * that count for themselves, and for what is filled in again. A promise that `onMessage` gives is
 * waited for. Nothing to read in a stream that does not exist. Rejects when the
 * connection ends before the last message, or when messages do not follow each other. Messages up to
 * `after` are left out.
 */
export async function readWholeStream(
  connection: NatsConnection,
  stream: string,
  onMessage: (message: WholeStreamMessage) => unknown,
  after = 0,
): Promise<void> {
  const facts = await readStreamFacts(connection, stream);
  if (!facts || facts.messages === 0 || facts.lastSeq <= after) return;
  let previous = after;
  try {
    const consumer = await jetstream(connection).consumers.get(stream, {
      ...(after === 0
        ? { deliver_policy: DeliverPolicy.All }
        : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: after + 1 }),
    });
    for await (const message of await consumer.consume(consuming)) {
      if (message.seq <= previous) break;
      if (message.seq <= facts.lastSeq) await onMessage(toMessage(message));
      previous = message.seq;
      if (previous >= facts.lastSeq) break;
    }
    await consumer.delete();
  } catch (thrown) {
    throw toStreamError(thrown, `cannot read stream ${stream}`);
  }
  if (previous < facts.lastSeq)
    throw new GatewayError(
      "stream.unavailable",
      `reading stream ${stream} ended at message ${previous} of ${facts.lastSeq}; read it again`,
    );
}

function toMessage(message: JsMsg): WholeStreamMessage {
  return { streamSeq: message.seq, natsSubject: message.subject, body: message.data };
}
