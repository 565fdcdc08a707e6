/** One batch of a lane: how its messages are named, how it is ended, and how the server is asked about it. */
import { headers, type NatsConnection } from "@nats-io/transport-node";
import type { Origin } from "../core/event.ts";
import { gatewaySubjectPrefix } from "../core/subject.ts";
import { noStream } from "../stream/refused-publish.ts";

/** What ends the subject for the answer to a message: what the message is to its batch. */
const begins = Buffer.from(".0.$FI");
const follows = Buffer.from(".1.$FI");
const isAll = Buffer.from(".2.$FI");
const ends = ".3.$FI";
const asks = ".4.$FI";
/** Below the gateway's own subjects, and no kind of event. */
const endSubject = "=.end";
const nothing = new Uint8Array();

export interface OpenBatch {
  /** The subject for the answer to a message, up to its number. */
  readonly replyPrefix: string;
  /** Of its first message in the lane. */
  readonly first: number;
  /** Set as soon as the server knows that nothing more comes. */
  ending: boolean;
}

/** What stands behind the number of message `n` of the lane in the subject for its answer. */
export function roleIn({ ending, first }: OpenBatch, n: number): Uint8Array {
  if (n > first) return follows;
  return ending ? isAll : begins;
}

/** Tells the server that there are only the messages before number `next` of the lane. */
export function endBatch(
  connection: NatsConnection,
  origin: Origin,
  batch: OpenBatch,
  next: number,
): void {
  publishNothing(connection, origin, `${batch.replyPrefix}${next - batch.first + 1}${ends}`);
}

/** Has the server repeat what it told last, once it has the messages before number `next` of the lane. */
export function askHowFar(
  connection: NatsConnection,
  origin: Origin,
  batch: OpenBatch,
  next: number,
): void {
  publishNothing(connection, origin, `${batch.replyPrefix}${next - batch.first}${asks}`);
}

/**
 * A message that is stored nowhere: also a server that knows nothing of batches refuses it, for the
 * stream that it names.
 */
function publishNothing(
  connection: NatsConnection,
  { gateway, site }: Origin,
  reply: string,
): void {
  const head = headers();
  head.set("Nats-Expected-Stream", noStream);
  const subject = `${gatewaySubjectPrefix(site, gateway)}${endSubject}`;
  connection.publish(subject, nothing, { reply, headers: head });
}
