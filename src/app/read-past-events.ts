/**
 * What a gateway said before this process, for what is made of it: of the log, and of what left the
 * log, from the stream. Bounded: of a long past the end only.
 */
import type { Origin, StoredEvent } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import type { EventKind } from "../core/event-kind.ts";
import { type Seq, toSeq } from "../core/ids.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import { gatewayStream } from "../core/subject.ts";
import type { Backbone } from "../stream/backbone.ts";
import { getMessagesOn, readStreamFacts } from "../stream/message-get.ts";

const mostEvents = 200_000;
const mostRecords = 256;
const kinds: ReadonlySet<EventKind> = new Set(["measurement", "status", "rejection"]);

type Take = (event: StoredEvent) => void;

/** Gives what devices said in the records behind `after` and up to `to`; stops on abort. */
export async function readPastOfLog(
  log: ReadableLog,
  { after, to }: { readonly after: Seq; readonly to: Seq },
  take: Take,
  signal: AbortSignal,
): Promise<void> {
  const reader = await log.openReader(toSeq(Math.max(after, to - mostEvents)));
  try {
    while (!signal.aborted) {
      const records = await reader.next(mostRecords);
      for (const { body, kind, seq } of records) {
        if (seq > to) return;
        if (kinds.has(kind)) give(body, take);
      }
      if (records.length === 0 || (records.at(-1)?.seq ?? to) >= to) return;
      // What is in memory already is given without waiting, and devices wait for their PUBACKs.
      await new Promise(setImmediate);
    }
  } finally {
    await reader.close();
  }
}

/**
 * Gives what devices said according to the stream, once there is a backbone. Rejects on abort. Message
 * by message: a gateway needs no right to make consumers.
 */
export async function readPastOfStream(
  backbone: Backbone,
  { gateway }: Pick<Origin, "gateway">,
  take: Take,
  signal: AbortSignal,
): Promise<void> {
  const connection = await backbone.connected(signal);
  const stream = gatewayStream(gateway);
  const facts = await readStreamFacts(connection, stream);
  if (!facts) return;
  const { firstSeq, lastSeq: to } = facts;
  const from = Math.max(1, firstSeq, to - mostEvents + 1);
  for await (const { body } of getMessagesOn(connection, stream, { from, to })) {
    if (signal.aborted) return;
    give(body, (event) => {
      if (kinds.has(event.kind)) take(event);
    });
  }
}

function give(body: Uint8Array, take: Take): void {
  const event = decodeEvent(Buffer.from(body).toString());
  if (!isMalformed(event)) take(event);
}
