/**
 * How lines of the log are chained: each one names its number and the hash of the line before, and a
 * file beside says where the chain ends. A line that is changed, taken out, put in or cut off leaves a
 * link that does not fit.
 */
import { createHash } from "node:crypto";
import { isObject } from "../core/is-object.ts";

/** Where a chain ends. */
export interface ChainEnd {
  /** Which chain: given once, when a log begins. */
  readonly chain: string;
  /** How many entries it has. */
  readonly seq: number;
  /** Of the last line; of nothing, where there is none. */
  readonly hash: string;
}

/** What stands in the file beside: where the chain ends, and where what is kept of it begins. */
export interface ChainHead extends ChainEnd {
  /** Number of the first entry that must be there; older ones may. */
  readonly first: number;
}

/** What comes before the first line. */
export const noHash = "0".repeat(64);

/** Of the bytes of a line, without its end. */
export function hashOf(line: string): string {
  return createHash("sha256").update(line).digest("hex");
}

export function headText({ chain, first, hash, seq }: ChainHead): string {
  return `${JSON.stringify({ chain, first, seq, hash })}\n`;
}

/** Undefined where the text is none. */
export function parseHead(text: string): ChainHead | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { chain, first, hash, seq } = value;
  if (typeof chain !== "string" || typeof hash !== "string") return undefined;
  if (!isCount(first) || !isCount(seq)) return undefined;
  return { chain, first, hash, seq };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** What is missing at the end of a log, in words. */
export function cutText(lastSeq: number, wantedSeq: number): string {
  return lastSeq + 1 === wantedSeq
    ? `entry ${wantedSeq}, its last one, was cut off`
    : `its last entries, ${lastSeq + 1} to ${wantedSeq}, were cut off`;
}

/** An end as people keep it elsewhere: `k3f9x2a1.118:9f86d0…`. */
export function markText({ chain, hash, seq }: ChainEnd): string {
  return `${chain}.${seq}:${hash}`;
}

/** Undefined where the text is none. */
export function parseMark(text: string): ChainEnd | undefined {
  const [, chain, seq, hash] = /^([0-9a-z]+)\.([0-9]{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (chain === undefined || seq === undefined || hash === undefined) return undefined;
  return { chain, seq: Number(seq), hash };
}
