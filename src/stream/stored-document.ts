/**
 * JSON documents of any size in a key-value bucket, replaced as a whole or not at all.
 *
 * A document is compressed; where that is too large for one message it is cut into chunks under
 * keys of their own, and the document's key holds the list of them. That key is written last, with
 * the revision it replaces, and decides alone. The keys of chunks are never written twice, so a
 * writer that turns out to be fenced has not touched what it could not replace.
 */
import { atOnce } from "../core/at-once.ts";
import { GatewayError } from "../core/errors.ts";
import type { Random } from "../core/retry.ts";
import { Allowance } from "./allowance.ts";
import { fromChunks, toChunks } from "./json-chunks.ts";
import type { KeyValueBucket, ReadableBucket } from "./kv.ts";

const gzipMagic = 0x1f;
/** Half a gigabyte, compressed. */
const mostChunks = 1_024;
const readsAtOnce = 16;
/** Who always finds another than the one it began to read gives up. */
const mostAttempts = 5;
/** Of the key of a chunk: the revision that it replaces, a nonce, its number. */
const ownRest = /^\d{1,16}\.[a-z0-9]{1,16}\.\d{1,4}$/;

/** A document as it was read, and the revision that its replacement names. */
export type StoredDocument =
  | { readonly kind: "missing"; readonly revision: 0 }
  | { readonly kind: "read"; readonly revision: number; readonly value: unknown }
  /** It is there and cannot be read; it can still be replaced. */
  | { readonly kind: "damaged"; readonly revision: number; readonly reason: string };

/** Whatever stands there is no reason to throw: only a bucket that cannot be read is. */
export async function readDocument(
  bucket: ReadableBucket,
  key: string,
  allowance = new Allowance(key),
): Promise<StoredDocument> {
  for (let attempt = 1; ; attempt += 1) {
    const entry = await bucket.get(key);
    if (!entry) return { kind: "missing", revision: 0 };
    const { revision } = entry;
    try {
      const chunkKeys = chunkKeysOf(key, entry.value);
      const chunks = chunkKeys ? await readChunks(bucket, chunkKeys, allowance) : [entry.value];
      const missing = (chunkKeys?.length ?? 1) - chunks.length;
      if (missing === 0)
        return { kind: "read", revision, value: await fromChunks(chunks, allowance) };
      // Replaced while it was read?
      const isReplaced = (await bucket.get(key))?.revision !== revision;
      if (!isReplaced || attempt === mostAttempts)
        return { kind: "damaged", revision, reason: `${missing} chunks of ${key} are gone` };
    } catch (thrown) {
      if (thrown instanceof GatewayError) throw thrown;
      return { kind: "damaged", revision, reason: `${key}: ${thrown}` };
    }
  }
}

/** Those that are there, in order. */
async function readChunks(
  bucket: ReadableBucket,
  keys: readonly string[],
  allowance: Allowance,
): Promise<readonly Uint8Array[]> {
  const found = new Map<string, Uint8Array>();
  await atOnce(readsAtOnce, keys, async (key) => {
    const entry = await bucket.get(key);
    if (!entry) return;
    allowance.takePacked(entry.value.length);
    found.set(key, entry.value);
  });
  return keys.flatMap((key) => found.get(key) ?? []);
}

/**
 * Replaces the document when it still has `revision`; gives the new one. Throws `stream.fenced`
 * when somebody else replaced it first.
 */
export async function writeDocument(
  bucket: KeyValueBucket,
  key: string,
  value: unknown,
  revision: number,
  random: Random,
): Promise<number> {
  const [first = new Uint8Array(), ...others] = await toChunks(JSON.stringify(value));
  if (others.length === 0) return bucket.put(key, first, revision);

  const nonce = Math.floor(random() * 2 ** 48).toString(36);
  const chunkKeys: string[] = [];
  for (const chunk of [first, ...others]) {
    const chunkKey = `${key}.${revision}.${nonce}.${chunkKeys.length}`;
    await bucket.put(chunkKey, chunk, 0);
    chunkKeys.push(chunkKey);
  }
  const list = Buffer.from(JSON.stringify({ chunks: chunkKeys }));
  const written = await bucket.put(key, list, revision);
  // What stays because this fails is removed the next time.
  await removeOldChunks(bucket, key, written).catch(() => {});
  return written;
}

/**
 * Removes chunks that no document of this key can need any more: those written to replace a
 * revision older than `revision`, the present one, and not part of it.
 */
async function removeOldChunks(
  bucket: KeyValueBucket,
  key: string,
  revision: number,
): Promise<void> {
  const keys = await bucket.keys(`${key}.>`);
  if (keys.length === 0) return;
  const entry = await bucket.get(key);
  if (entry?.revision !== revision) return;
  const needed = new Set(chunkKeysOf(key, entry.value));
  for (const chunkKey of keys) {
    const replaced = Number(chunkKey.slice(key.length + 1).split(".")[0]);
    if (replaced < revision && !needed.has(chunkKey)) await bucket.remove(chunkKey);
  }
}

/** The keys of the chunks, which begin with that of the document; undefined where the value is it. */
function chunkKeysOf(key: string, value: Uint8Array): readonly string[] | undefined {
  if (value[0] === gzipMagic) return undefined;
  try {
    const list: unknown = JSON.parse(Buffer.from(value).toString());
    const chunks = typeof list === "object" && list !== null && "chunks" in list && list.chunks;
    if (!Array.isArray(chunks) || chunks.length > mostChunks) return undefined;
    const isOwn = (chunk: unknown): chunk is string =>
      typeof chunk === "string" &&
      chunk.startsWith(`${key}.`) &&
      ownRest.test(chunk.slice(key.length + 1));
    return chunks.every(isOwn) && new Set(chunks).size === chunks.length ? chunks : undefined;
  } catch {
    return undefined;
  }
}
