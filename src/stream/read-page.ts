import type { NatsConnection } from "@nats-io/transport-node";
import { toStreamSeq } from "../core/ids.ts";
import type { FollowOptions } from "./follow-stream.ts";
import type { StoredMessage } from "./message-get.ts";
import { readMatching } from "./read-subject.ts";
import { eventIdHeader } from "./stream-contract.ts";

/** Which messages of a stream. */
export interface PageWish {
  readonly from: FollowOptions["from"];
  /** The number of the last one wanted. */
  readonly to: number;
  readonly natsSubjectFilter: string;
  readonly most: number;
}

/**
 * The next messages of a stream, in its order; fewer than `most` are the last. Nothing stays open between
 * two pages, so whoever reads many streams at once may let each wait for as long as it takes.
 */
export async function readPage(
  connection: NatsConnection,
  stream: string,
  { from, most, natsSubjectFilter, to }: PageWish,
): Promise<readonly StoredMessage[]> {
  const page: StoredMessage[] = [];
  await readMatching(connection, stream, { from, natsSubjectFilter }, (message) => {
    if (message.seq > to) return false;
    const id = message.headers?.get(eventIdHeader);
    page.push({
      streamSeq: toStreamSeq(message.seq),
      natsSubject: message.subject,
      eventId: id === "" ? undefined : id,
      body: message.data,
      storedMs: message.time.getTime(),
    });
    return message.seq < to && page.length < most;
  });
  return page;
}
