/**
 * Whose place in the stream was taken by somebody else.
 *
 * A refusal does not tell. While a cluster changes its leader two servers may take the same publish;
 * one refuses what the other stores. So the place itself is read, as soon as the stream is known to
 * reach behind it.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { GatewayId, Seq, StreamSeq } from "../core/ids.ts";
import { eventIdOf } from "../core/ids.ts";
import { getMessage } from "../stream/message-get.ts";
import type { Candidate } from "./give-up.ts";

/** A record that a lane could not store, and the only stream sequence that it could have got. */
export interface RefusedRecord extends Candidate {
  readonly place: StreamSeq;
}

/**
 * Those of the refused records that are passed by when publishing goes on behind `after`, and whose
 * place holds another message. A message that has expired since counts as the record itself.
 */
export async function findDisplaced(
  connection: NatsConnection,
  stream: string,
  gateway: GatewayId,
  refused: readonly RefusedRecord[],
  after: Seq,
): Promise<readonly RefusedRecord[]> {
  const passed = refused.filter(({ seq }) => seq <= after);
  const messages = await Promise.all(
    passed.map(({ place }) => getMessage(connection, stream, place)),
  );
  return passed.filter(({ run, seq }, index) => {
    const message = messages[index];
    return message !== undefined && message.eventId !== eventIdOf(gateway, run, seq);
  });
}
