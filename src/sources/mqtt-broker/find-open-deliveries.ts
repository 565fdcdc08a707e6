/** Puts together what is open: the list of the table, the records behind it, minus the releases. */
import { type DeliveryPart, isWhole } from "../../core/delivery-part.ts";
import { toSeq } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import type { Delivery } from "../../core/record.ts";
import type { RecordLog } from "../../core/record-log.ts";
import type { TableEntry } from "./delivery-entry.ts";
import type { TornDelivery } from "./torn-deliveries.ts";

interface FoundDelivery extends TornDelivery {
  /** Without `part`. */
  readonly delivery: Delivery;
  /** Of its records, where it has several; empty where it has one. */
  readonly parts: Map<number, DeliveryPart>;
  /** Of its last record; 0 where the table vouches for it. */
  seq: number;
}

/** By session and number. */
type Found = Map<string, FoundDelivery>;

export interface OpenDeliveries {
  readonly open: readonly Delivery[];
  /** Stored in part. */
  readonly torn: readonly TornDelivery[];
}

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
): Promise<OpenDeliveries> {
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
  const all = [...found.values()];
  return {
    open: all.filter(isStored).map(({ delivery }) => delivery),
    torn: all.filter((one) => !isStored(one)),
  };
}

/**
 * A later message takes the place of an earlier one with its number. What is stored in part goes on
 * with the parts that were missing.
 */
function note(found: Found, { part, ...delivery }: Delivery, seq: number): void {
  const key = keyOf(delivery.session, delivery.packetId);
  const known = found.get(key);
  if (part === undefined) found.set(key, { delivery, parts: new Map(), seq });
  else if (known?.delivery.hash === delivery.hash && lacks(known, part)) {
    known.parts.set(part.following, part);
    known.seq = seq;
  } else found.set(key, { delivery, parts: new Map([[part.following, part]]), seq });
}

function isStored({ parts }: FoundDelivery): boolean {
  return parts.size === 0 || isWhole(parts);
}

function lacks(known: FoundDelivery, { following }: DeliveryPart): boolean {
  return !isStored(known) && !known.parts.has(following);
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
