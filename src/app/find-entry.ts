/** The one message that an id is of, out of whichever stream. */
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

/** Undefined where no stream holds it now. */
export async function findEntry(
  connection: Connection,
  id: string,
): Promise<PastEntry | undefined> {
  const record = parseEventId(id);
  if (!record) {
    for (const other of Object.values(otherStreams)) {
      const facts = await readStreamFacts(connection, other.stream);
      const found = facts && (await scan(connection, id, { ...other, to: facts.lastSeq }));
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
  return scan(connection, id, part);
}

async function scan(
  connection: Connection,
  id: string,
  part: Omit<StreamPart, "from" | "untilMs">,
): Promise<PastEntry | undefined> {
  const whole = { ...part, from: toStreamSeq(1), untilMs: Number.POSITIVE_INFINITY };
  const page = readPage.bind(undefined, connection);
  for await (const entry of readPages(whole, { page, pageMessages, onStray: () => {} }))
    if (entry.id === id) return entry;
  return undefined;
}
