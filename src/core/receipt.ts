import type { Seq } from "./ids.ts";

/** A record that will vouch for a message, and is still to be appended. */
export interface LaterSeq {
  /** Undefined until then. */
  readonly seq: Seq | undefined;
}

/** What a message waits for: it may be acknowledged once this record is on disk. */
export type Receipt = Seq | LaterSeq;

/** True once the record is on disk, for a log that is durable up to here. */
export function isDurable(receipt: Receipt, durableSeq: Seq): boolean {
  if (typeof receipt === "number") return receipt <= durableSeq;
  return receipt.seq !== undefined && receipt.seq <= durableSeq;
}
