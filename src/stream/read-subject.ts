import { type JsMsg, jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import { toStreamSeq } from "../core/ids.ts";
import { type FollowOptions, startOf } from "./follow-stream.ts";
import { readStreamFacts } from "./message-get.ts";
import { toStreamError } from "./stream-error.ts";

/** The client waits for ever for a stream that somebody removed, unless it is told not to. */
const consuming = { max_messages: 500, expires: 2_000, abort_on_missing_resource: true };

/**
 * Gives the bodies under a subject, which may have wildcards, that the stream holds now, in its order,
 * until `onBody` gives false. Nothing in a stream that does not exist. Rejects when the connection ends
 * before the last. `most` leaves out what is further back in the stream than so many messages.
 */
export async function readSubject(
  connection: NatsConnection,
  stream: string,
  natsSubjectFilter: string,
  onBody: (body: Uint8Array) => boolean | Promise<boolean>,
  most = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  const facts = await readStreamFacts(connection, stream);
  if (facts === undefined) return;
  const from = toStreamSeq(Math.max(1, facts.firstSeq, facts.lastSeq - most + 1));
  await readMatching(connection, stream, { from, natsSubjectFilter }, ({ data }) => onBody(data));
}

/**
 * The same for the messages themselves, from a place or a time on. The stream has to be there.
 */
export async function readMatching(
  connection: NatsConnection,
  stream: string,
  {
    from,
    natsSubjectFilter,
  }: { readonly from: FollowOptions["from"]; readonly natsSubjectFilter: string },
  onMessage: (message: JsMsg) => boolean | Promise<boolean>,
): Promise<void> {
  let pending: number;
  try {
    const consumer = await jetstream(connection).consumers.get(stream, {
      ...startOf(from),
      filter_subjects: natsSubjectFilter,
    });
    pending = (await consumer.info()).num_pending;
    if (pending > 0)
      for await (const message of await consumer.consume(consuming)) {
        pending = (await onMessage(message)) ? message.info.pending : 0;
        if (pending === 0) break;
      }
    await consumer.delete();
  } catch (thrown) {
    throw toStreamError(thrown, `cannot read ${natsSubjectFilter} of stream ${stream}`);
  }
  if (pending > 0)
    throw new GatewayError(
      "stream.unavailable",
      `reading stream ${stream} ended with ${pending} messages to come; read it again`,
    );
}
