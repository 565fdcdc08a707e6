/** Puts together what is open: the list of the table, the records behind it, minus the releases. */
import { toSeq } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import type { Delivery } from "../../core/record.ts";
import type { RecordLog } from "../../core/record-log.ts";
import type { TableEntry } from "./delivery-entry.ts";

/** By session and number, with the seq of the record; 0 where the table vouches for it. */
type Found = Map<string, { readonly delivery: Delivery; readonly seq: number }>;

/**
 * `entries` is the table, undefined for a new one. What cannot be read counts as not open: then a
 * resend is stored twice, which is better than a message that nobody stores.
 */
export async function findOpenDeliveries(
  entries: readonly TableEntry[] = [],
  {
    log,
    logger,
  }: { readonly log: Pick<RecordLog, "lastSeq" | "openReader">; readonly logger: Logger },
): Promise<readonly Delivery[]> {
  const found: Found = new Map();
  const [first] = entries;
  const coveredSeq = first?.kind === "covered" ? first.seq : log.lastSeq;
  for (const entry of entries) if (entry.kind === "open") note(found, entry.delivery, 0);
  try {
    await noteBehind(found, log, coveredSeq);
  } catch (failure) {
    logger.error("cannot read which QoS 2 messages are open", { failure: String(failure) });
  }
  for (const entry of entries) endIn(found, entry);
  return [...found.values()].map(({ delivery }) => delivery);
}

/** A later message takes the place of an earlier one with its number. */
function note(found: Found, delivery: Delivery, seq: number): void {
  found.set(keyOf(delivery.session, delivery.packetId), { delivery, seq });
}

async function noteBehind(
  found: Found,
  log: Pick<RecordLog, "openReader">,
  coveredSeq: number,
): Promise<void> {
  const reader = await log.openReader(toSeq(coveredSeq));
  try {
    for (;;) {
      const records = await reader.next(1_000);
      if (records.length === 0) return;
      for (const { delivery, seq } of records) if (delivery) note(found, delivery, seq);
    }
  } finally {
    await reader.close();
  }
}

/** The seqs tell whether a release is older than the message that has the number now. */
function endIn(found: Found, entry: TableEntry): void {
  if (entry.kind === "released") {
    const key = keyOf(entry.session, entry.packetId);
    if ((found.get(key)?.seq ?? 0) <= entry.seq) found.delete(key);
  } else if (entry.kind === "cleared") {
    for (const [key, { delivery, seq }] of found)
      if (delivery.session === entry.session && seq <= entry.seq) found.delete(key);
  }
}

function keyOf(session: string, packetId: number): string {
  return `${session} ${packetId}`;
}
