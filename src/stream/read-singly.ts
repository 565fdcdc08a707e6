import type { NatsConnection } from "@nats-io/transport-node";
import { toStreamSeq } from "../core/ids.ts";
import { readNext, readStreamFacts } from "./message-get.ts";

/**
 * Gives the bodies under a subject, which may have wildcards, that the stream holds now, in its order,
 * until `onBody` gives false: one after the other, for who may make no consumer. Nothing in a stream
 * that does not exist.
 */
export async function readSingly(
  connection: NatsConnection,
  stream: string,
  natsSubjectFilter: string,
  onBody: (body: Uint8Array) => boolean | Promise<boolean>,
): Promise<void> {
  const facts = await readStreamFacts(connection, stream);
  let from = facts?.firstSeq ?? toStreamSeq(1);
  while (facts && from <= facts.lastSeq) {
    const message = await readNext(connection, stream, natsSubjectFilter, from);
    if (!message || message.seq > facts.lastSeq || !(await onBody(message.data))) return;
    from = toStreamSeq(message.seq + 1);
  }
}
