/**
 * The audit file: a line for each thing that somebody did or was refused, only ever added to. A full
 * one becomes the one before, of which there is one.
 */
import type { Disk, DiskFile } from "../core/disk.ts";
import { systemCode } from "../core/system-reason.ts";
import { readWhole } from "../core/whole-file.ts";
import { writeAll } from "../core/write-all.ts";

const mostBytes = 8 * 1024 * 1024;
const newline = 10;

export class AuditFile {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #path: string;
  #file: DiskFile;
  #bytes: number;

  private constructor(disk: Disk, folder: string, name: string, file: DiskFile, bytes: number) {
    this.#disk = disk;
    this.#folder = folder;
    this.#path = `${folder}/${name}`;
    this.#file = file;
    this.#bytes = bytes;
  }

  /** Opens it, or makes it; gives the lines that stand there, those of the one before first. */
  static async open(
    disk: Disk,
    folder: string,
    name: string,
  ): Promise<{ readonly file: AuditFile; readonly lines: readonly string[] }> {
    const path = `${folder}/${name}`;
    const before = await orNothing(readWhole(disk, `${path}.1`));
    const now = (await orNothing(readWhole(disk, path))) ?? (await make(disk, folder, path));
    // Half a line is what a power cut left: it was never vouched for.
    const bytes = now.lastIndexOf(newline) + 1;
    const file = await disk.open(path, "read-write");
    const text = `${before ?? ""}${now.subarray(0, bytes)}`;
    return {
      file: new AuditFile(disk, folder, name, file, bytes),
      lines: text.split("\n").filter((line) => line !== ""),
    };
  }

  /** Adds lines, each with its end; they are on the medium when it resolves. Not to be called at once. */
  async append(lines: string): Promise<void> {
    const bytes = Buffer.from(lines);
    if (this.#bytes > 0 && this.#bytes + bytes.length > mostBytes) await this.#turn();
    await writeAll(this.#file, [bytes], this.#bytes);
    await this.#file.sync();
    this.#bytes += bytes.length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #turn(): Promise<void> {
    await this.#disk.rename(this.#path, `${this.#path}.1`);
    await this.#file.close();
    this.#file = await this.#disk.create(this.#path);
    await this.#disk.syncFolder(this.#folder);
    this.#bytes = 0;
  }
}

async function make(disk: Disk, folder: string, path: string): Promise<Buffer> {
  await (await disk.create(path)).close();
  await disk.syncFolder(folder);
  return Buffer.alloc(0);
}

function orNothing(bytes: Promise<Buffer>): Promise<Buffer | undefined> {
  return bytes.catch((thrown: unknown) => {
    if (systemCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  });
}
