/** The files of an audit log: how they are named, and how one is read from its end and its beginning. */
import type { Disk } from "../core/disk.ts";
import { systemCode } from "../core/system-reason.ts";

/** Files that are kept: the one that is written and those before it. */
export const mostFiles = 5;

const newline = 10;
/** No line is longer. */
const mostLineBytes = 64 * 1024;

/** Those before, the newest first, have a number behind their name. */
export function fileBefore(path: string, number: number): string {
  return number === 0 ? path : `${path}.${number}`;
}

/** Says where the chain ends. */
export function headName(name: string): string {
  return `${name}.head`;
}

/** The end of a file, as far as it is read. */
export interface FileTail {
  /** Whole lines, without their ends. */
  readonly lines: readonly string[];
  readonly sizeBytes: number;
  /** Where the last whole line ends; undefined where none was found. */
  readonly wholeBytes: number | undefined;
}

/** The last lines of a file; undefined where there is none. */
export async function readTail(
  disk: Disk,
  path: string,
  mostBytes: number,
): Promise<FileTail | undefined> {
  const file = await orNothing(disk.open(path, "read"));
  if (!file) return undefined;
  try {
    const sizeBytes = await file.sizeBytes();
    const startBytes = Math.max(0, sizeBytes - mostBytes);
    const space = Buffer.alloc(sizeBytes - startBytes);
    const bytes = space.subarray(0, await file.read(space, startBytes));
    const from = startBytes === 0 ? 0 : bytes.indexOf(newline) + 1;
    const to = bytes.lastIndexOf(newline) + 1;
    const lines = to > from ? bytes.toString("utf8", from, to - 1).split("\n") : [];
    const hasNone = to === 0 && startBytes > 0;
    return { lines, sizeBytes, wholeBytes: hasNone ? undefined : startBytes + to };
  } finally {
    await file.close();
  }
}

/** The first line of a file; undefined where there is none. */
export async function readFirstLine(disk: Disk, path: string): Promise<string | undefined> {
  const file = await orNothing(disk.open(path, "read"));
  if (!file) return undefined;
  try {
    const space = Buffer.alloc(Math.min(mostLineBytes, await file.sizeBytes()));
    const bytes = space.subarray(0, await file.read(space, 0));
    const end = bytes.indexOf(newline);
    return end < 0 ? undefined : bytes.toString("utf8", 0, end);
  } finally {
    await file.close();
  }
}

/** A line of a file as it is read from the beginning. */
export interface FileLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** False for what stands behind the last end of a line. */
  readonly isWhole: boolean;
}

/** All lines of a file, in little memory however large it is; what is too long for one is cut. */
export async function* readLines(disk: Disk, path: string): AsyncGenerator<FileLine> {
  const file = await orNothing(disk.open(path, "read"));
  if (!file) return;
  try {
    let rest = Buffer.alloc(0);
    let number = 0;
    const chunk = Buffer.alloc(mostLineBytes);
    for (let at = 0; ; ) {
      const read = await file.read(chunk, at);
      if (read === 0) break;
      at += read;
      let bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline)) {
        number += 1;
        yield { number, text: bytes.toString("utf8", 0, end), isWhole: true };
        bytes = bytes.subarray(end + 1);
      }
      rest = Buffer.from(bytes.subarray(0, mostLineBytes));
    }
    if (rest.length > 0) yield { number: number + 1, text: rest.toString("utf8"), isWhole: false };
  } finally {
    await file.close();
  }
}

/** What is not there is undefined; all else rejects. */
export function orNothing<T>(wanted: Promise<T>): Promise<T | undefined> {
  return wanted.catch((thrown: unknown) => {
    if (systemCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  });
}
