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
  /** The record in a message; undefined when the message is gone or is none of the gateway's. */
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
    const found = await lastRecord(view, middle, low);
    if (found === undefined || hasRead(found.record)) low = middle + 1;
    else high = found.at;
  }
  return toStreamSeq(low);
}

/** So many messages are asked for at once. */
const mostAsked = 64;

/** The last record from message `from` down to `to`; more and more are asked for at once. */
async function lastRecord(
  view: StreamView,
  from: number,
  to: number,
): Promise<{ readonly record: LogPosition; readonly at: number } | undefined> {
  let asked = 1;
  for (let at = from; at >= to; asked = Math.min(2 * asked, mostAsked)) {
    const places = Array.from({ length: Math.min(asked, at - to + 1) }, backFrom(at));
    const records = await Promise.all(places.map((place) => view.recordAt(toStreamSeq(place))));
    for (const [back, record] of records.entries()) if (record) return { record, at: at - back };
    at -= places.length;
  }
  return undefined;
}

function backFrom(at: number): (_: unknown, back: number) => number {
  return (_, back) => at - back;
}
