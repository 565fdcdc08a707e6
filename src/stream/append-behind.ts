import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { getMessage } from "./message-get.ts";
import { apiCodeOf, apiCodes } from "./stream-error.ts";

const publishTimeoutMs = 5_000;

/** A message that follows another of its subject. */
export interface FollowingMessage {
  readonly stream: string;
  readonly natsSubject: string;
  readonly body: string;
  /** The last message of its subject, 0 for none. */
  readonly after: number;
  /** The same for each try to append this message, and for no other message of the stream. */
  readonly id: string;
}

export interface AppendedBehind {
  readonly streamSeq: StreamSeq;
  /** False where a try before this one had stored it. */
  readonly isNew: boolean;
}

/**
 * Appends a message right behind `after`; undefined when the subject's last message is another. Throws
 * what the client does; then it may have been stored, and the same call is simply repeated.
 *
 * The last message is what keeps two writers apart. The id is for clusters of servers before 2.9.25:
 * these look at the last message when they take a message, and no more when it comes to be stored. So
 * one whose answer was lost with its leader, and the second try, both went through; and a server that
 * reads its own log again after a crash stored what it had stored before a second time.
 */
export async function appendBehind(
  connection: NatsConnection,
  message: FollowingMessage,
): Promise<AppendedBehind | undefined> {
  const { natsSubject, stream } = message;
  const acked = await publish(connection, message, message.id);
  if (acked === undefined) return undefined;
  const streamSeq = toStreamSeq(acked.seq);
  if (!acked.duplicate) return { streamSeq, isNew: true };
  // The server remembers ids, also of what somebody has taken out of the stream since.
  const held = await getMessage(connection, stream, streamSeq);
  if (held?.natsSubject === natsSubject) return { streamSeq, isNew: false };
  const anew = await publish(connection, message, undefined);
  return anew && { streamSeq: toStreamSeq(anew.seq), isNew: true };
}

async function publish(
  connection: NatsConnection,
  { after, body, natsSubject, stream }: FollowingMessage,
  msgID: string | undefined,
) {
  try {
    return await jetstream(connection).publish(natsSubject, body, {
      timeout: publishTimeoutMs,
      expect: { streamName: stream, lastSubjectSequence: after },
      ...(msgID !== undefined && { msgID }),
    });
  } catch (thrown) {
    if (apiCodeOf(thrown) === apiCodes.wrongLastSequence) return undefined;
    throw thrown;
  }
}
