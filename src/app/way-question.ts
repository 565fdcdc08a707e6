/** What a gateway knows of the way of an event that its own log still holds. */
import type { Origin } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { parseEventId, toSeq } from "../core/ids.ts";
import type { LogAccounts } from "../core/log-accounts.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import type { Questions } from "../core/question.ts";
import type { LoggedEvent } from "../past/way-sources.ts";

/** The log as it is needed here. */
export type AskedLog = ReadableLog & Pick<LogAccounts, "confirmed">;

/** The event, as far as it is durable and still held. */
export async function findLogged(
  log: AskedLog,
  { gateway }: Pick<Origin, "gateway">,
  id: string,
): Promise<LoggedEvent | undefined> {
  const wanted = parseEventId(id);
  if (wanted?.gateway !== gateway || wanted.seq > log.durableSeq) return undefined;
  const reader = await log.openReader(toSeq(wanted.seq - 1));
  try {
    const [record] = await reader.next(1);
    if (record?.seq !== wanted.seq || record.run !== wanted.run) return undefined;
    const text = Buffer.from(record.body).toString();
    const event = decodeEvent(text);
    if (isMalformed(event)) return undefined;
    const forwarded = (log.confirmed?.seq ?? 0) >= wanted.seq;
    return { event, text, appendedMs: record.appendedMs, forwarded };
  } finally {
    await reader.close();
  }
}

/** `logged`: the text of an event, when it was written, and whether the backbone has confirmed it. */
export function wayQuestions(log: AskedLog, origin: Origin): Questions {
  return {
    logged: async ({ id = "" }) => {
      const found = await findLogged(log, origin, id);
      if (!found) return { gateway: origin.gateway, held: false };
      const { appendedMs, forwarded, text } = found;
      return { gateway: origin.gateway, held: true, text, appendedMs, forwarded };
    },
  };
}
