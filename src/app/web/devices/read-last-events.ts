/** The last events of a device out of the stream of its gateway: no more of it than is needed. */
import type { Origin, StoredEvent } from "../../../core/event.ts";
import { decodeEvent, isMalformed } from "../../../core/event-codec.ts";
import { type DeviceId, toStreamSeq } from "../../../core/ids.ts";
import { deviceToken, gatewayStream, gatewaySubjectPrefix } from "../../../core/subject.ts";
import { getLastMessage, readStreamFacts } from "../../../stream/message-get.ts";
import { readPage } from "../../../stream/read-page.ts";
import type { Connection } from "../over-backbone.ts";

/** So far back at first, by what is known of how often it speaks, and so many times as far each time. */
const firstBackMs = 60_000;
const further = 8;
const pageMessages = 1_000;
/** Messages and characters that are read for one answer. */
const mostMessages = 20_000;
const mostCharacters = 32 * 1_048_576;

export interface LastEvents {
  /** The latest first. */
  readonly events: readonly StoredEvent[];
  /** The stream has older ones. */
  readonly more: boolean;
}

/** `everyMs`: how often the device speaks, as far as is known. */
export async function readLastEvents(
  connection: Connection,
  origin: Origin,
  device: DeviceId,
  { everyMs, limit, signal }: { everyMs: number; limit: number; signal: AbortSignal },
): Promise<LastEvents> {
  const stream = gatewayStream(origin.gateway);
  const natsSubjectFilter = `${gatewaySubjectPrefix(origin.site, origin.gateway)}${deviceToken(device)}.*`;
  const [last, facts] = await Promise.all([
    getLastMessage(connection, stream, natsSubjectFilter),
    readStreamFacts(connection, stream),
  ]);
  if (!last || !facts) return { events: [], more: false };
  let found: StoredEvent[] = [];
  let to: number = last.streamSeq;
  let messages = 0;
  let characters = 0;
  for (let backMs = Math.max(firstBackMs, 2 * limit * everyMs); to > 0; backMs *= further) {
    const fromMs = last.storedMs - backMs;
    const older: StoredEvent[] = [];
    let from: number | { readonly storedMs: number } = fromMs > 0 ? { storedMs: fromMs } : 1;
    let firstSeq = to + 1;
    for (let isLast = false; !isLast; ) {
      if (signal.aborted) return { events: [], more: true };
      const wish = {
        from: typeof from === "number" ? toStreamSeq(from) : from,
        ...{ to, natsSubjectFilter, most: pageMessages },
      };
      const page = await readPage(connection, stream, wish);
      for (const { body, streamSeq } of page) {
        firstSeq = Math.min(firstSeq, streamSeq);
        characters += body.length;
        const event = decodeEvent(new TextDecoder().decode(body));
        if (!isMalformed(event)) older.push(event);
        if (older.length > limit) older.shift();
      }
      messages += page.length;
      from = (page.at(-1)?.streamSeq ?? to) + 1;
      isLast = page.length < pageMessages || from > to;
    }
    found = [...older, ...found].slice(-limit);
    const isAll = fromMs <= 0 || firstSeq <= facts.firstSeq;
    to = firstSeq - 1;
    const isEnough =
      found.length >= limit || messages > mostMessages || characters > mostCharacters;
    if (isAll || isEnough) return { events: found.reverse(), more: !isAll || messages > limit };
  }
  return { events: found.reverse(), more: false };
}
