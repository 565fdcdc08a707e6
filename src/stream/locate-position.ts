/**
 * Where to go on reading in a stream that may not be the one that was read before: restored from
 * an older copy, created anew, or simply the same.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { type LogPosition, parseEventId, type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { gatewayStream } from "../core/subject.ts";
import { getMessage, readStreamFacts, type StreamFacts } from "./message-get.ts";

/** What is asked of the server. */
export interface StreamView extends StreamFacts {
  /** The record in a message; undefined when the message is gone or is none of a gateway's. */
  recordAt(streamSeq: StreamSeq): Promise<LogPosition | undefined>;
}

/** Looks at a stream now; undefined when there is none. */
export async function viewStream(
  connection: NatsConnection,
  stream: string,
): Promise<StreamView | undefined> {
  const facts = await readStreamFacts(connection, stream);
  return (
    facts && {
      ...facts,
      recordAt: async (streamSeq) => {
        const message = await getMessage(connection, stream, streamSeq);
        const record = parseEventId(message?.eventId ?? "");
        return record && gatewayStream(record.gateway) === stream ? record : undefined;
      },
    }
  );
}

/** A message that has been read, and the record it held. */
export interface ReadMark extends LogPosition {
  readonly created: string;
  readonly streamSeq: StreamSeq;
}

/** True when the stream still holds the read message where it was, or only forgot it by age. */
export async function holdsMark(view: StreamView, mark: ReadMark): Promise<boolean> {
  if (view.created !== mark.created || view.lastSeq < mark.streamSeq) return false;
  if (mark.streamSeq < view.firstSeq) return true;
  const record = await view.recordAt(mark.streamSeq);
  return record?.run === mark.run && record.seq === mark.seq;
}

/**
 * The first message whose record has not been read, one above the last when all have. The read
 * ones stand in front, since a gateway sends its log in order; so halving finds the border.
 */
export async function findFirstUnread(
  view: StreamView,
  hasRead: (record: LogPosition) => boolean,
): Promise<StreamSeq> {
  let low = Math.max(1, view.firstSeq);
  let high: number = view.lastSeq + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    // Messages that are nobody's record say nothing; the one before them does.
    let probe = middle;
    let record = await view.recordAt(toStreamSeq(probe));
    while (record === undefined && probe > low) {
      probe -= 1;
      record = await view.recordAt(toStreamSeq(probe));
    }
    if (record === undefined || hasRead(record)) low = middle + 1;
    else high = probe;
  }
  return toStreamSeq(low);
}
