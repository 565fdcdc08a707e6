/** Reads an item of CBOR (RFC 8949) with all that is in it. */

import { meaningOfTag } from "./cbor-tags.ts";
import type { Decoded } from "./codec.ts";
import { type BytesAs, ItemReader } from "./item-reader.ts";

const breakByte = 0xff;
const endless = "a number without an end";

/** The number behind a head; undefined where the length is not told in advance. */
type Argument = number | bigint | undefined;

export function readCbor(bytes: Uint8Array, bytesAs?: BytesAs): Decoded {
  const reader = new ItemReader(bytes, bytesAs);
  const value = readItem(reader);
  return reader.decoded(value);
}

function readItem(reader: ItemReader): unknown {
  const head = reader.uint(1);
  if (reader.failed) return null;
  const major = head >> 5;
  if (major === 7) return readSimple(reader, head & 31);
  const argument = readArgument(reader, head & 31);
  const item = (): unknown => readItem(reader);
  switch (major) {
    case 0:
      return argument === undefined ? reader.fail(endless) : reader.whole(argument);
    case 1:
      if (argument === undefined) return reader.fail(endless);
      return reader.whole(typeof argument === "bigint" ? -1n - argument : -1 - argument);
    case 2:
      return reader.written(readBytes(reader, argument));
    case 3:
      return readText(reader, argument);
    case 4:
      return reader.list(argument, item, () => isBreak(reader));
    case 5:
      return reader.record(argument, item, () => isBreak(reader));
    default:
      return argument === undefined ? reader.fail(endless) : readTagged(reader, Number(argument));
  }
}

function readArgument(reader: ItemReader, low: number): Argument {
  if (low < 24) return low;
  switch (low) {
    case 24:
      return reader.uint(1);
    case 25:
      return reader.uint(2);
    case 26:
      return reader.uint(4);
    case 27:
      return reader.uint64();
    case 31:
      return undefined;
    default:
      reader.fail(`${low} is the length of nothing`);
      return 0;
  }
}

/** What is neither false nor true nor a number has no value. */
function readSimple(reader: ItemReader, low: number): unknown {
  switch (low) {
    case 20:
      return false;
    case 21:
      return true;
    case 24:
      reader.uint(1);
      return null;
    case 25:
      return reader.float(2);
    case 26:
      return reader.float(4);
    case 27:
      return reader.float(8);
    case 28:
    case 29:
    case 30:
    case 31:
      return reader.fail("an end of nothing");
    default:
      return null;
  }
}

function readBytes(reader: ItemReader, length: Argument): Buffer {
  return length === undefined
    ? Buffer.concat(chunks(reader, 2, (some) => reader.take(some)))
    : reader.take(length);
}

function readText(reader: ItemReader, length: Argument): string | null {
  if (length !== undefined) return reader.text(length);
  const parts = chunks(reader, 3, (some) => reader.text(some));
  return parts.includes(null) ? null : parts.join("");
}

/** The parts of a string whose length was not known when it began. */
function chunks<T>(reader: ItemReader, major: number, one: (length: number | bigint) => T): T[] {
  const found: T[] = [];
  while (!reader.failed && !isBreak(reader)) {
    const head = reader.uint(1);
    const length = head >> 5 === major ? readArgument(reader, head & 31) : undefined;
    if (length === undefined) reader.fail("a part of a string that is none");
    else found.push(one(length));
  }
  return found;
}

function readTagged(reader: ItemReader, tag: number): unknown {
  return reader.inside(() => {
    const isBytes = (reader.next ?? 0) >> 5 === 2;
    if (!isBytes) return meaningOfTag(tag, readItem(reader), reader);
    const bytes = readBytes(reader, readArgument(reader, reader.uint(1) & 31));
    return meaningOfTag(tag, bytes, reader);
  });
}

function isBreak(reader: ItemReader): boolean {
  if (reader.next !== breakByte) return false;
  reader.uint(1);
  return true;
}
