/** One stream, read page by page: nothing of it waits at the server meanwhile. */
import type { EpochMs } from "../core/clock.ts";
import { toStreamSeq } from "../core/ids.ts";
import type { StoredMessage } from "../stream/message-get.ts";
import type { PageWish } from "../stream/read-page.ts";
import type { PastEntry, ReadEntry } from "./past-entry.ts";

/** Gateways' clocks and the server's may differ by so much. */
export const clockMarginMs = 600_000;

/** A stream, and which part of it. */
export interface StreamPart {
  readonly stream: string;
  readonly natsSubjectFilter: string;
  readonly from: PageWish["from"];
  readonly to: number;
  readonly read: ReadEntry;
  /** What was received so much later is not wanted. */
  readonly untilMs: EpochMs;
}

export interface PagesDependencies {
  readonly page: (stream: string, wish: PageWish) => Promise<readonly StoredMessage[]>;
  readonly pageMessages: number;
  /** A message is none of ours. */
  readonly onStray: (stream: string, message: StoredMessage) => void;
}

/**
 * Gives the entries of a part in the order of the stream. A gateway stores in the order in which it
 * received, so reading ends where it received something well behind `untilMs`.
 */
export async function* readPages(
  { from, natsSubjectFilter, read, stream, to, untilMs }: StreamPart,
  { onStray, page, pageMessages: most }: PagesDependencies,
): AsyncGenerator<PastEntry> {
  let next = from;
  while (true) {
    const messages = await page(stream, { from: next, to, natsSubjectFilter, most });
    for (const message of messages) {
      const entry = read(stream, message);
      if (!entry) onStray(stream, message);
      else if (isBehind(entry, untilMs)) return;
      else yield entry;
    }
    const last = messages.at(-1);
    if (!last || messages.length < most || last.streamSeq >= to) return;
    next = toStreamSeq(last.streamSeq + 1);
  }
}

/** A box that did not know the time says nothing about when. */
function isBehind({ receivedMs, told }: PastEntry, untilMs: EpochMs): boolean {
  if ("event" in told && told.event.clock === "unsynced") return false;
  return receivedMs > untilMs + clockMarginMs;
}
