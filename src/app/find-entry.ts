/** The one message that an id is of, out of whichever stream. */
import { GatewayError } from "../core/errors.ts";
import { type EventId, eventIdOf, parseEventId, toStreamSeq } from "../core/ids.ts";
import { gatewayStream } from "../core/subject.ts";
import { otherStreams } from "../past/other-streams.ts";
import { type PastEntry, readEventEntry } from "../past/past-entry.ts";
import { readPages, type StreamPart } from "../past/read-pages.ts";
import type { Backbone } from "../stream/backbone.ts";
import { findFirstUnread, viewStream } from "../stream/locate-position.ts";
import { getMessage, readStreamFacts } from "../stream/message-get.ts";
import { readPage } from "../stream/read-page.ts";

const pageMessages = 2_000;

type Connection = Awaited<ReturnType<Backbone["connected"]>>;

/** As ids of derived values are; no other has that form, and their stream is the longest. */
const derivedId = /^[0-9a-f]{16}\.-?\d{1,16}\.\d{1,9}$/;

/**
 * Undefined where no stream holds it now. What is not where its number says, and what has none, is looked
 * for from the beginning of a stream on: that takes as long as the stream is, or until the signal, and
 * then it rejects with `stream.timeout`.
 */
export async function findEntry(
  connection: Connection,
  id: string,
  signal?: AbortSignal,
): Promise<PastEntry | undefined> {
  const record = parseEventId(id);
  if (!record) {
    for (const other of Object.values(otherStreams)) {
      if (other === otherStreams.derived && !derivedId.test(id)) continue;
      const facts = await readStreamFacts(connection, other.stream);
      const part = { ...other, to: facts?.lastSeq ?? 0 };
      const found = facts && (await scan(connection, id, part, signal));
      if (found) return found;
    }
    return undefined;
  }
  const stream = gatewayStream(record.gateway);
  const view = await viewStream(connection, stream);
  if (!view) return undefined;
  // Numbers go on over runs, so halving finds it; of a gateway that began anew, it may not.
  const streamSeq = await findFirstUnread(view, ({ seq }) => seq < record.seq);
  const message = await getMessage(connection, stream, streamSeq);
  const named: EventId = eventIdOf(record.gateway, record.run, record.seq);
  if (message?.eventId === named) return readEventEntry(stream, message);
  const part = { stream, natsSubjectFilter: ">", read: readEventEntry, to: view.lastSeq };
  return scan(connection, id, part, signal);
}

async function scan(
  connection: Connection,
  id: string,
  part: Omit<StreamPart, "from" | "untilMs">,
  signal: AbortSignal | undefined,
): Promise<PastEntry | undefined> {
  const whole = { ...part, from: toStreamSeq(1), untilMs: Number.POSITIVE_INFINITY };
  const page: typeof readPage = (...asked) => {
    if (!signal?.aborted) return readPage(...asked);
    throw new GatewayError(
      "stream.timeout",
      `looking for ${id} in ${part.stream} took too long; sluicegate trace looks for as long as it takes`,
    );
  };
  for await (const entry of readPages(whole, {
    page: page.bind(undefined, connection),
    pageMessages,
    onStray: () => {},
  }))
    if (entry.id === id) return entry;
  return undefined;
}
