/**
 * The audit file: a line for each thing that somebody did or was refused, only ever added to, each
 * chained to the one before. A full one becomes the one before, of which a few are kept.
 */
import type { AuditEntry } from "../core/audit.ts";
import type { Disk, DiskFile } from "../core/disk.ts";
import { readWhole, replaceWhole } from "../core/whole-file.ts";
import { writeAll } from "../core/write-all.ts";
import { auditLine, parseAuditLine } from "./audit-entry.ts";
import {
  fileBefore,
  headName,
  mostFiles,
  orNothing,
  readFirstLine,
  readTail,
} from "./audit-files.ts";
import { type ChainEnd, type ChainHead, hashOf, headText, parseHead } from "./chain.ts";
import { resumeChain } from "./resume-chain.ts";

const mostTailBytes = 1024 * 1024;
const mostHeadBytes = 4096;

/** Which log, and how large one of its files may get. */
export interface AuditPlace {
  readonly disk: Disk;
  readonly folder: string;
  /** `audit-gateway.ndjson`. */
  readonly name: string;
  readonly mostBytes: number;
}

/** A log as it was opened. */
export interface OpenedAudit {
  readonly file: AuditFile;
  /** The last of what stands there. */
  readonly entries: readonly AuditEntry[];
  /** What is wrong with what stands there, in words. */
  readonly trouble: string | undefined;
}

export class AuditFile {
  readonly #place: AuditPlace;
  readonly #path: string;
  #file: DiskFile;
  #bytes: number;
  #head: ChainHead;

  private constructor(place: AuditPlace, file: DiskFile, bytes: number, head: ChainHead) {
    this.#place = place;
    this.#path = `${place.folder}/${place.name}`;
    this.#file = file;
    this.#bytes = bytes;
    this.#head = head;
  }

  /** Opens it, or makes it. The half line that a power cut left goes: it was never vouched for. */
  static async open(place: AuditPlace, newChain: () => string): Promise<OpenedAudit> {
    const { disk, folder, name } = place;
    const path = `${folder}/${name}`;
    const found = await readTail(disk, path, mostTailBytes);
    const before = await readTail(disk, fileBefore(path, 1), mostTailBytes);
    const lines = [...(before?.lines ?? []), ...(found?.lines ?? [])];
    const text = await orNothing(readWhole(disk, `${folder}/${headName(name)}`, mostHeadBytes));
    const { head, trouble } = resumeChain(
      { head: text && parseHead(text.toString()), lastLine: lines.at(-1) },
      newChain,
    );
    const file = found ? await disk.open(path, "read-write") : await disk.create(path);
    if (!found) await disk.syncFolder(folder);
    const bytes = found?.wholeBytes ?? found?.sizeBytes ?? 0;
    if (found && bytes < found.sizeBytes) await file.truncate(bytes);
    const opened = new AuditFile(place, file, bytes, head);
    // It stands before the first line does: from then on a log without it is one that was changed.
    if (!text) await opened.#keepHead(head);
    // What is no log at all is set aside as it is.
    if (found && found.wholeBytes === undefined) await opened.#turn();
    const entries = lines.flatMap((one) => parseAuditLine(one)?.entry ?? []);
    return { file: opened, entries, trouble };
  }

  /** Where it ends on the medium. */
  get end(): ChainEnd {
    return this.#head;
  }

  /**
   * Adds entries, each with the number that follows; they are on the medium when it resolves. Where it
   * rejects none was added, and the same may be added again. Not to be called at once.
   */
  async append(entries: readonly AuditEntry[], source: string): Promise<void> {
    let { hash, seq } = this.#head;
    let text = "";
    for (const entry of entries) {
      const line = auditLine(entry, source, hash);
      hash = hashOf(line);
      seq += 1;
      text += `${line}\n`;
    }
    const bytes = Buffer.from(text);
    if (this.#bytes > 0 && this.#bytes + bytes.length > this.#place.mostBytes) await this.#turn();
    await writeAll(this.#file, [bytes], this.#bytes);
    await this.#file.sync();
    await this.#keepHead({ ...this.#head, hash, seq });
    this.#bytes += bytes.length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #keepHead(head: ChainHead): Promise<void> {
    const { disk, folder, name } = this.#place;
    const text = Buffer.from(headText(head));
    const file = await replaceWhole(disk, folder, headName(name), (draft) =>
      writeAll(draft, [text], 0),
    );
    await file.close();
    this.#head = head;
  }

  async #turn(): Promise<void> {
    const { disk, folder } = this.#place;
    const oldest = await this.#firstKept();
    // Where it begins is told before anything goes, so that a power cut leaves more than that, not less.
    if (oldest !== undefined) await this.#keepHead({ ...this.#head, first: oldest });
    for (let number = mostFiles - 1; number > 0; number -= 1)
      await orNothing(
        disk.rename(fileBefore(this.#path, number - 1), fileBefore(this.#path, number)),
      );
    await this.#file.close();
    this.#file = await disk.create(this.#path);
    await disk.syncFolder(folder);
    this.#bytes = 0;
  }

  /** The number of the first entry that is kept when the oldest file is gone. */
  async #firstKept(): Promise<number | undefined> {
    for (let number = mostFiles - 2; number >= 0; number -= 1) {
      const line = await readFirstLine(this.#place.disk, fileBefore(this.#path, number));
      const link = line === undefined ? undefined : parseAuditLine(line)?.link;
      if (link?.chain === this.#head.chain) return link.seq;
    }
    return undefined;
  }
}
