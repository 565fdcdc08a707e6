/**
 * The last messages of topics on disk, so that a start knows what a broker outside delivers again.
 *
 * A file of entries of 24 bytes, appended when the record that vouches for them is on disk, and
 * written anew when it has grown. Nothing is synced: what a power cut takes of it is stored once
 * more, marked as retained. An entry that is damaged is passed over.
 *
 * ```
 * 0 f64 topic   8 f64 content   16 u32 0   20 u32 CRC-32 of what stands before
 * ```
 */
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Disk, DiskFile } from "../core/disk.ts";
import type { Seq } from "../core/ids.ts";
import type { LogWriter } from "../core/log-writer.ts";
import type { Logger } from "../core/logger.ts";
import { readWhole, replaceWhole } from "../core/whole-file.ts";
import { writeAll } from "../core/write-all.ts";
import type { LastMessage } from "./last-messages.ts";

const fileName = "last-messages";
const entryBytes = 24;
const crcAt = 20;
const mostFileBytes = 16 * 2 ** 20;

export interface LastMessagesFileDependencies {
  readonly disk: Disk;
  readonly folder: string;
  readonly logger: Logger;
  readonly log: Pick<LogWriter, "durableSeq" | "onDurable">;
  /** All that is to be known after a start. */
  readonly all: () => Iterable<LastMessage>;
}

/** What an earlier process wrote; nothing where that is missing. Never fails. */
export async function readLastMessages(disk: Disk, folder: string): Promise<LastMessage[]> {
  try {
    return parse(await readWhole(disk, join(folder, fileName), 2 * mostFileBytes));
  } catch {
    return [];
  }
}

export class LastMessagesFile {
  readonly #deps: LastMessagesFileDependencies;
  readonly #unsubscribe: () => void;
  /** In the order of their records. */
  #waiting: { readonly last: LastMessage; readonly seq: Seq }[] = [];
  #file: DiskFile | undefined;
  #sizeBytes = 0;
  #writing: Promise<void> | undefined;
  #isTrouble = false;

  constructor(deps: LastMessagesFileDependencies) {
    this.#deps = deps;
    this.#unsubscribe = deps.log.onDurable(() => this.#look());
  }

  /** To be written once its record is on disk. */
  add(last: LastMessage, seq: Seq): void {
    this.#waiting.push({ last, seq });
  }

  /** Resolves when everything that is on disk in the log is in the file, or cannot be. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#look();
    while (this.#writing !== undefined) await this.#writing;
    await this.#file?.close().catch(() => {});
  }

  #look(): void {
    const { durableSeq } = this.#deps.log;
    if (this.#writing !== undefined || (this.#waiting[0]?.seq ?? durableSeq + 1) > durableSeq)
      return;
    const end = this.#waiting.findIndex(({ seq }) => seq > durableSeq);
    const due = this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
    this.#writing = this.#write(due.map(({ last }) => last)).finally(() => {
      this.#writing = undefined;
      this.#look();
    });
  }

  async #write(due: readonly LastMessage[]): Promise<void> {
    const { folder, logger } = this.#deps;
    try {
      const bytes = format(due);
      if (this.#file === undefined || this.#sizeBytes + bytes.length > mostFileBytes) {
        await this.#begin();
        return;
      }
      await writeAll(this.#file, [bytes], this.#sizeBytes);
      this.#sizeBytes += bytes.length;
      this.#isTrouble = false;
    } catch (thrown) {
      // The next write begins a new file, with everything.
      await this.#file?.close().catch(() => {});
      this.#file = undefined;
      if (!this.#isTrouble)
        logger.warn("the last messages of topics were not written", { folder, thrown });
      this.#isTrouble = true;
    }
  }

  /** Everything that is known, in a new file. */
  async #begin(): Promise<void> {
    const { all, disk, folder } = this.#deps;
    const before = this.#file;
    // Of what waits for its record the file must not say that it is stored.
    const waiting = new Set(this.#waiting.map(({ last }) => last.topic));
    const bytes = format([...all()].filter(({ topic }) => !waiting.has(topic)));
    this.#file = await replaceWhole(disk, folder, fileName, (file) => writeAll(file, [bytes], 0));
    this.#sizeBytes = bytes.length;
    await before?.close().catch(() => {});
  }
}

function format(entries: readonly LastMessage[]): Buffer {
  const bytes = Buffer.alloc(entries.length * entryBytes);
  for (const [index, { content, topic }] of entries.entries()) {
    const at = index * entryBytes;
    bytes.writeDoubleLE(topic, at);
    bytes.writeDoubleLE(content, at + 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(at, at + crcAt), 1), at + crcAt);
  }
  return bytes;
}

function parse(bytes: Buffer): LastMessage[] {
  const found: LastMessage[] = [];
  for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
    if (crc32(bytes.subarray(at, at + crcAt), 1) !== bytes.readUInt32LE(at + crcAt)) continue;
    found.push({ topic: bytes.readDoubleLE(at), content: bytes.readDoubleLE(at + 8) });
  }
  return found;
}
