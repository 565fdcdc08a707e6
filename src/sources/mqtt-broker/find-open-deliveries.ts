/**
 * Puts together what is open: the list of the table, the records behind it, minus the releases. Of
 * QoS 1 the records behind the last mark are open: whether they were answered nobody knows.
 *
 * Where a client used the number of one of them again, nothing of QoS 1 of its session is taken for
 * open: it may have used it once more, with the same content, for a message that is not here.
 */
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

interface Found {
  /** By session and number. */
  readonly byNumber: Map<string, FoundDelivery>;
  /** Sessions that used a number of QoS 1 again, and not for a resend. */
  readonly reusing: Set<string>;
}

/** How far the table vouches for QoS 2, and for QoS 1. */
interface Vouched {
  readonly coveredSeq: number;
  readonly answeredSeq: number;
}

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
  const found: Found = { byNumber: new Map(), reusing: new Set() };
  const [first] = entries;
  const coveredSeq = first?.kind === "covered" ? first.seq : log.lastSeq;
  let answeredSeq = coveredSeq;
  for (const entry of entries) if (entry.kind === "answered") answeredSeq = entry.seq;
  for (const entry of entries) if (entry.kind === "open") note(found, entry.delivery, 0);
  try {
    await noteBehind(found, log, { coveredSeq, answeredSeq });
  } catch (failure) {
    logger.error("cannot read which messages are open", { failure: String(failure) });
  }
  for (const entry of entries) endIn(found, entry);
  const all = [...found.byNumber.values()].filter(({ delivery, seq }) => {
    if (delivery.untilPuback === undefined) return true;
    return (seq === 0 || seq > answeredSeq) && !found.reusing.has(delivery.session);
  });
  return {
    open: all.filter(isStored).map(({ delivery }) => delivery),
    torn: all.filter((one) => !isStored(one)),
  };
}

/**
 * A later message takes the place of an earlier one with its number. What is stored in part goes on
 * with the parts that were missing.
 */
function note({ byNumber, reusing }: Found, noted: Delivery, seq: number): void {
  const { part, ...delivery } = noted;
  const key = keyOf(delivery.session, delivery.packetId);
  const known = byNumber.get(key);
  if (part !== undefined && known?.delivery.hash === delivery.hash && lacks(known, part)) {
    known.parts.set(part.following, part);
    known.seq = seq;
    return;
  }
  const wasRead = known !== undefined && known.seq > 0;
  if (wasRead && delivery.untilPuback === "first") reusing.add(delivery.session);
  byNumber.set(key, { delivery, parts: new Map(part && [[part.following, part]]), seq });
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
  { answeredSeq, coveredSeq }: Vouched,
): Promise<void> {
  const reader = await log.openReader(toSeq(Math.min(coveredSeq, answeredSeq)));
  try {
    for (;;) {
      const records = await reader.next(1_000);
      if (records.length === 0) return;
      for (const { delivery, seq } of records) {
        if (delivery === undefined) continue;
        if (seq > coveredSeq || delivery.untilPuback !== undefined) note(found, delivery, seq);
      }
    }
  } finally {
    await reader.close();
  }
}

/** The seqs tell whether a release is older than the message that has the number now. */
function endIn({ byNumber }: Found, entry: TableEntry): void {
  if (entry.kind === "released") {
    const key = keyOf(entry.session, entry.packetId);
    if ((byNumber.get(key)?.seq ?? 0) <= entry.seq) byNumber.delete(key);
  } else if (entry.kind === "cleared") {
    for (const [key, { delivery, seq }] of byNumber)
      if (delivery.session === entry.session && seq <= entry.seq) byNumber.delete(key);
  }
}

function keyOf(session: string, packetId: number): string {
  return `${session} ${packetId}`;
}
