/**
 * How a document in parts lies in a key-value bucket, and how it is read.
 *
 *     <key>                                  who wrote it last, and where the list is
 *     <key>.<writer>.list.<slot>.<n>         the content, and the parts with their places
 *     <key>.<writer>.<part>.<slot>.<n>       the parts
 *
 * The document's key decides alone: it is written last, with the revision that it replaces, and names
 * everything by key and revision. What it does not name does not count.
 */
import { atOnce } from "../core/at-once.ts";
import { Allowance, TooLarge } from "./allowance.ts";
import { fromChunks } from "./json-chunks.ts";
import type { ReadableBucket } from "./kv.ts";
import { readDocument, type StoredDocument } from "./stored-document.ts";

/** A part is written in turn under two keys. */
export type Slot = "a" | "b";

/** Where a text lies: its slot, and the revision of each of its chunks. */
export type Place = readonly [slot: Slot, ...revisions: number[]];

/** What stands under the document's key. */
export interface DocumentHead {
  readonly format: 2;
  readonly writer: string;
  readonly list: Place;
}

/** What the list is. */
export interface DocumentList {
  readonly parts: readonly (readonly [name: string, place: Place])[];
  readonly content: unknown;
}

/** A document as it was read, and the revision that its replacement names. */
export type PartedDocument =
  | Exclude<StoredDocument, { readonly kind: "read" }>
  /** It was written before documents had parts. */
  | { readonly kind: "whole"; readonly revision: number; readonly value: unknown }
  | {
      readonly kind: "read";
      readonly revision: number;
      readonly content: unknown;
      /** In the order in which they were written. */
      readonly parts: ReadonlyMap<string, unknown>;
    };

export const listName = "list";
const readsAtOnce = 32;
const mostAttempts = 5;
/** Of one text: half a gigabyte, compressed. */
const mostChunks = 1_024;
/** A part is of a device or of a rule. */
const mostParts = 500_000;

export function placeKey(key: string, writer: string, name: string, slot: Slot): string {
  return `${key}.${writer}.${name}.${slot}`;
}

/** `wanted: "content"` reads none of its parts. */
export async function readPartedDocument(
  bucket: ReadableBucket,
  key: string,
  wanted: "all" | "content" = "all",
): Promise<PartedDocument> {
  for (let attempt = 1; ; attempt += 1) {
    const read = await readOnce(bucket, key, wanted);
    if (read.kind !== "damaged" || attempt === mostAttempts) return read;
    // Replaced while it was read?
    if ((await bucket.get(key))?.revision === read.revision) return read;
  }
}

async function readOnce(
  bucket: ReadableBucket,
  key: string,
  wanted: "all" | "content",
): Promise<PartedDocument> {
  const allowance = new Allowance(key);
  const document = await readDocument(bucket, key, allowance);
  if (document.kind !== "read") return document;
  const { revision, value: head } = document;
  if (!isHead(head)) return { kind: "whole", revision, value: head };

  const read = (name: string, [slot, ...revisions]: Place): Promise<unknown> =>
    readText(bucket, placeKey(key, head.writer, name, slot), revisions, allowance);
  try {
    const list = await read(listName, head.list);
    if (!isList(list)) throw new DamagedPart("its list is none");
    const parts = wanted === "all" ? list.parts : [];
    const values = new Map<string, unknown>(parts.map(([name]) => [name, undefined]));
    await atOnce(readsAtOnce, parts, async ([name, place]) => {
      values.set(name, await read(name, place));
    });
    return { kind: "read", revision, content: list.content, parts: values };
  } catch (thrown) {
    if (!(thrown instanceof DamagedPart || thrown instanceof TooLarge)) throw thrown;
    return { kind: "damaged", revision, reason: thrown.message };
  }
}

/** A part is gone, or is not what the document names. */
class DamagedPart extends Error {}

async function readText(
  bucket: ReadableBucket,
  key: string,
  revisions: readonly number[],
  allowance: Allowance,
): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for (const [n, revision] of revisions.entries()) {
    const entry = await bucket.get(`${key}.${n}`);
    if (entry?.revision !== revision)
      throw new DamagedPart(`its part ${key} is gone, or is another`);
    allowance.takePacked(entry.value.length);
    chunks.push(entry.value);
  }
  try {
    return await fromChunks(chunks, allowance);
  } catch (thrown) {
    if (thrown instanceof TooLarge) throw thrown;
    throw new DamagedPart(`its part ${key} cannot be read: ${thrown}`);
  }
}

function isHead(value: unknown): value is DocumentHead {
  if (typeof value !== "object" || value === null) return false;
  const { format, list, writer }: Partial<Record<keyof DocumentHead, unknown>> = value;
  return format === 2 && isToken(writer) && isPlace(list);
}

function isList(value: unknown): value is DocumentList {
  return (
    typeof value === "object" &&
    value !== null &&
    "content" in value &&
    "parts" in value &&
    Array.isArray(value.parts) &&
    value.parts.length <= mostParts &&
    value.parts.every(isNamedPlace)
  );
}

function isNamedPlace(value: unknown): boolean {
  return Array.isArray(value) && isToken(value[0]) && isPlace(value[1]);
}

/** What may stand in a key: anything else the server would refuse, again and again. */
function isToken(value: unknown): value is string {
  return typeof value === "string" && /^[-/=\w]+(?:\.[-/=\w]+)*$/.test(value);
}

function isPlace(value: unknown): value is Place {
  if (!Array.isArray(value) || value.length > mostChunks) return false;
  const [slot, ...revisions] = value;
  return (slot === "a" || slot === "b") && revisions.every((one) => Number.isSafeInteger(one));
}
