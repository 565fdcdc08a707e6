/** JSON in a key-value bucket that may be larger than a message: compressed, in chunks. */
import { promisify } from "node:util";
import { gunzip, gzip, type ZlibOptions } from "node:zlib";
import { systemCode } from "../core/system-reason.ts";
import type { Allowance } from "./allowance.ts";

const chunkBytes = 500 * 1024;
/** So much text is made in one turn of the event loop: about a millisecond of work. */
export const blockChars = 64 * 1024;
const compress = promisify(gzip);
const decompress = promisify<Uint8Array, ZlibOptions, Buffer>(gunzip);

/** The text of a document, compressed, in chunks that each fit into a message. */
export async function toChunks(text: string): Promise<readonly Uint8Array[]> {
  const bytes = await compress(text);
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += chunkBytes)
    chunks.push(bytes.subarray(from, from + chunkBytes));
  return chunks;
}

/**
 * Throws where the chunks are not all that `toChunks` gave, and `TooLarge` where they become more than is
 * left of the allowance.
 */
export async function fromChunks(
  chunks: readonly Uint8Array[],
  allowance: Allowance,
): Promise<unknown> {
  const options = { maxOutputLength: allowance.textBytes };
  const bytes = await decompress(Buffer.concat(chunks), options).catch((thrown: unknown) => {
    if (systemCode(thrown) === "ERR_BUFFER_TOO_LARGE") allowance.refuse();
    throw thrown;
  });
  allowance.takeText(bytes.length);
  return JSON.parse(bytes.toString());
}

/** Joins pieces that are made as they are asked for; other things get their turn in between. */
export async function joinText(pieces: Iterable<string>): Promise<string> {
  let text = "";
  let turnedAt = 0;
  for (const piece of pieces) {
    text += piece;
    if (text.length - turnedAt < blockChars) continue;
    turnedAt = text.length;
    await new Promise(setImmediate);
  }
  return text;
}
