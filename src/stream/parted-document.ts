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

export function placeKey(key: string, writer: string, name: string, slot: Slot): string {
  return `${key}.${writer}.${name}.${slot}`;
}

/** `wanted: "content"` reads none of its parts. */
export async function readPartedDocument(
  bucket: ReadableBucket,
  key: string,
  wanted: "all" | "content" = "all",
): Promise<PartedDocument> {
  const document = await readDocument(bucket, key);
  if (document.kind !== "read") return document;
  const { revision, value: head } = document;
  if (!isHead(head)) return { kind: "whole", revision, value: head };

  const read = (name: string, [slot, ...revisions]: Place): Promise<unknown> =>
    readText(bucket, placeKey(key, head.writer, name, slot), revisions);
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
    if (!(thrown instanceof DamagedPart)) throw thrown;
    // Replaced while it was read?
    if ((await bucket.get(key))?.revision !== revision)
      return readPartedDocument(bucket, key, wanted);
    return { kind: "damaged", revision, reason: thrown.message };
  }
}

/** A part is gone, or is not what the document names. */
class DamagedPart extends Error {}

async function readText(
  bucket: ReadableBucket,
  key: string,
  revisions: readonly number[],
): Promise<unknown> {
  const entries = await Promise.all(revisions.map((_, n) => bucket.get(`${key}.${n}`)));
  const chunks = entries.flatMap((entry, n) =>
    entry && entry.revision === revisions[n] ? [entry.value] : [],
  );
  if (chunks.length < revisions.length)
    throw new DamagedPart(`its part ${key} is gone, or is another`);
  try {
    return await fromChunks(chunks);
  } catch (thrown) {
    throw new DamagedPart(`its part ${key} cannot be read: ${thrown}`);
  }
}

function isHead(value: unknown): value is DocumentHead {
  if (typeof value !== "object" || value === null) return false;
  const { format, list, writer }: Partial<Record<keyof DocumentHead, unknown>> = value;
  return format === 2 && typeof writer === "string" && isPlace(list);
}

function isList(value: unknown): value is DocumentList {
  return (
    typeof value === "object" &&
    value !== null &&
    "content" in value &&
    "parts" in value &&
    Array.isArray(value.parts) &&
    value.parts.every(isNamedPlace)
  );
}

function isNamedPlace(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === "string" && isPlace(value[1]);
}

function isPlace(value: unknown): value is Place {
  if (!Array.isArray(value)) return false;
  const [slot, ...revisions] = value;
  return (slot === "a" || slot === "b") && revisions.every((one) => Number.isSafeInteger(one));
}
