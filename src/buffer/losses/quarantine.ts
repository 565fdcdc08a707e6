/**
 * Bytes that nobody could make sense of, kept for people: `quarantine/` in the log's folder, with
 * one line of JSON per find in `manifest.ndjson`. Keeping never fails the log: what cannot be kept
 * is left where it is.
 */
import { join } from "node:path";
import { type Audit, ownAct } from "../../core/audit.ts";
import type { Clock } from "../../core/clock.ts";
import type { Disk, DiskFile } from "../../core/disk.ts";
import type { Logger } from "../../core/logger.ts";
import { writeAll } from "../../core/write-all.ts";
import { piecesOf } from "../files/read-part.ts";
import { withFile } from "../files/with-file.ts";

/** In the folder of the log. */
export const quarantineFolderName = "quarantine";
/** In the quarantine: one line of JSON per find. */
export const quarantineManifestName = "manifest.ndjson";

/** What was found, for the manifest. */
export interface Find {
  /** Name of the segment. */
  readonly segment: string;
  readonly offset: number;
  readonly bytes: number;
  /** `torn-tail`, `damaged`, `unreadable`, `foreign`. */
  readonly reason: string;
  /** Records that are missing because of it. */
  readonly lost?: { readonly from: number; readonly to: number };
}

export class Quarantine {
  readonly #disk: Disk;
  readonly #logFolder: string;
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #logger: Logger;

  /** Above `maxBytes` only the manifest grows. */
  constructor(options: {
    readonly disk: Disk;
    readonly folder: string;
    readonly maxBytes: number;
    readonly audit: Audit;
    readonly clock: Clock;
    readonly logger: Logger;
  }) {
    this.#disk = options.disk;
    this.#logFolder = options.folder;
    this.#folder = join(options.folder, quarantineFolderName);
    this.#maxBytes = options.maxBytes;
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Copies a part of a segment; true when the copy is on the medium (or there is no room for it). */
  async keepBytes(file: DiskFile, find: Find): Promise<boolean> {
    return this.#attempt(find, async (known) => {
      const name = nameOf(find, known);
      if ((await this.#heldBytes(known)) + find.bytes > this.#maxBytes) return undefined;
      const copy = await this.#disk.create(join(this.#folder, name));
      try {
        for await (const { at, bytes } of piecesOf(file, find.offset, find.offset + find.bytes))
          await writeAll(copy, [bytes], at - find.offset);
        await copy.sync();
      } finally {
        await copy.close();
      }
      return name;
    });
  }

  /** Moves a whole segment file away; true when it is gone from the log's folder. */
  async keepFile(find: Find): Promise<boolean> {
    return this.#attempt(find, async (known) => {
      const name = nameOf(find, known);
      const from = join(this.#logFolder, find.segment);
      await this.#disk.rename(from, join(this.#folder, name));
      await this.#disk.syncFolder(this.#logFolder);
      return name;
    });
  }

  async #attempt(
    find: Find,
    keep: (known: readonly string[]) => Promise<string | undefined>,
  ): Promise<boolean> {
    try {
      await this.#disk.makeFolder(this.#folder);
      const kept = await keep(await this.#disk.list(this.#folder));
      await this.#note({ at: new Date(this.#clock.wallMs()).toISOString(), ...find, kept });
      await this.#disk.syncFolder(this.#folder);
      const text = `${find.bytes} bytes at ${find.offset} were set aside: ${find.reason}`;
      this.#audit.note(ownAct("quarantine", find.segment, "done", text));
      return true;
    } catch (failure) {
      this.#logger.warn("cannot keep damaged bytes of the buffer", {
        segment: find.segment,
        offset: find.offset,
        failure: String(failure),
      });
      return false;
    }
  }

  async #note(line: Readonly<Record<string, unknown>>): Promise<void> {
    const path = join(this.#folder, quarantineManifestName);
    const known = (await this.#disk.list(this.#folder)).includes(quarantineManifestName);
    const file = known ? await this.#disk.open(path, "read-write") : await this.#disk.create(path);
    try {
      await writeAll(file, [Buffer.from(`${JSON.stringify(line)}\n`)], await file.sizeBytes());
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #heldBytes(known: readonly string[]): Promise<number> {
    let total = 0;
    for (const name of known)
      total += await withFile(this.#disk, join(this.#folder, name), (file) => file.sizeBytes());
    return total;
  }
}

/** A name that says where the bytes are from and that no earlier find has. */
function nameOf(find: Find, known: readonly string[]): string {
  const stem = `${find.segment.replace(/\.seg$/, "")}-${find.offset}`;
  let name = `${stem}.bytes`;
  for (let copy = 2; known.includes(name); copy += 1) name = `${stem}-${copy}.bytes`;
  return name;
}
