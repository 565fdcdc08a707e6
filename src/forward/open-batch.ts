/** One batch of a lane: how its messages are named, and how it is ended. */
import { headers, type NatsConnection } from "@nats-io/transport-node";
import type { Origin } from "../core/event.ts";
import { gatewaySubjectPrefix } from "../core/subject.ts";
import { noStream } from "../stream/refused-publish.ts";

/** What ends the subject for the answer to a message: what the message is to its batch. */
const begins = Buffer.from(".0.$FI");
const follows = Buffer.from(".1.$FI");
const isAll = Buffer.from(".2.$FI");
const ends = ".3.$FI";
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

/**
 * Tells the server that there are only the messages before number `next` of the lane. The message for
 * that is stored nowhere: also a server that knows nothing of batches refuses it, for the stream that
 * it names.
 */
export function endBatch(
  connection: NatsConnection,
  { site, gateway }: Origin,
  { first, replyPrefix }: OpenBatch,
  next: number,
): void {
  const head = headers();
  head.set("Nats-Expected-Stream", noStream);
  connection.publish(`${gatewaySubjectPrefix(site, gateway)}${endSubject}`, nothing, {
    reply: `${replyPrefix}${next - first + 1}${ends}`,
    headers: head,
  });
}
