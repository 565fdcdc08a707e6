/**
 * A file that only takes space, so that the log can end what it has begun on a volume that somebody
 * else filled to the last byte. There are two: one for gap events, and one for what follows from
 * them, the files without the classes that were given up, and for the cursor. Records of devices
 * never get this space.
 *
 * What needs the space is written over it: the file gets the name of the one that is to be made, and
 * keeps its blocks. Space that a deletion gives back may be anybody's: file systems keep a part for
 * themselves, hand it out only with their next commit, or to another program first.
 */
import { join } from "node:path";
import type { Disk, DiskFile } from "../../core/disk.ts";
import type { Logger } from "../../core/logger.ts";
import { writeAll } from "../../core/write-all.ts";
import type { CreateFile } from "../files/create-over.ts";
import { isFull, isMissing } from "../files/disk-errors.ts";
import { isZero } from "../files/is-zero.ts";
import { withFile } from "../files/with-file.ts";
import type { BufferOptions } from "../options.ts";

/** In the folder of the log: for gap events, and for copies of segments and the cursor. */
export const reserveNames = { gaps: "reserve", copies: "reserve.copies" } as const;

const mib = 2 ** 20;
const largestBytes = 4 * mib;
/** Of the buffer, beside which it stands. */
const largestShare = 64;
const pieceBytes = 256 * 1024;

export class Reserve {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #path: string;
  readonly #logger: Logger;
  readonly #bytes: number;
  readonly #minFreeBytes: number;
  /** Undefined while nobody has looked. */
  #isThere: boolean | undefined;
  #looking: Promise<boolean> | undefined;

  constructor(disk: Disk, folder: string, logger: Logger, options: BufferOptions, name: string) {
    this.#disk = disk;
    this.#folder = folder;
    this.#path = join(folder, name);
    this.#logger = logger;
    this.#bytes = Math.min(largestBytes, Math.floor(options.max_bytes / largestShare));
    this.#minFreeBytes = options.min_free;
  }

  /** What is to stay free above the minimum so that the file can be made again. */
  get missingBytes(): number {
    return this.#isThere === false ? this.#bytes : 0;
  }

  /**
   * Does `work`, and when the volume is full again in the space of the reserve. `work` begins its
   * file with the function it is given, and cuts off what it does not need of it.
   */
  async attempt<T>(work: (create: CreateFile) => Promise<T>): Promise<T> {
    const create: CreateFile = (path) => this.#disk.create(path);
    try {
      return await work(create);
    } catch (failure) {
      if (!isFull(failure) || !(await this.#isReady())) throw failure;
    }
    try {
      return await work((path) => this.become(path));
    } catch (failure) {
      if (!isFull(failure)) throw failure;
      await this.release();
      return work(create);
    }
  }

  /** True when so many bytes have their place in it. */
  async takes(bytes: number): Promise<boolean> {
    return bytes <= this.#bytes && (await this.#isReady());
  }

  /** Gives the file another name, which must be free; what is written to it first needs no space. */
  async become(path: string): Promise<DiskFile> {
    if (!(await this.#isReady())) throw diskError("ENOSPC", path);
    this.#isThere = false;
    try {
      if (await this.#exists(path)) throw diskError("EEXIST", path);
      await this.#disk.rename(this.#path, path);
    } catch (failure) {
      this.#isThere = undefined;
      throw failure;
    }
    this.#tellUse();
    await this.#disk.syncFolder(this.#folder);
    return this.#disk.open(path, "read-write");
  }

  /** Gives the space back to the volume; false when there is none to give. */
  async release(): Promise<boolean> {
    if (this.#isThere === false) return false;
    try {
      await this.#disk.unlink(this.#path);
      await this.#disk.syncFolder(this.#folder);
    } catch (failure) {
      if (!isMissing(failure)) return false;
      this.#isThere = false;
      return false;
    }
    this.#isThere = false;
    this.#tellUse();
    return true;
  }

  /** Makes the file where there is none and the volume has room for it above the minimum. */
  async restore(): Promise<void> {
    try {
      if (await this.#look()) return;
      const freeBytes = await this.#disk.freeBytes(this.#folder);
      if (freeBytes < this.#minFreeBytes + this.#bytes) return;
      await this.#fill(await this.#disk.create(this.#path));
      this.#isThere = true;
    } catch (failure) {
      this.#logger.warn("cannot keep a reserve on the volume", { failure: String(failure) });
      await this.#disk.unlink(this.#path).catch(() => {});
    }
  }

  async #isReady(): Promise<boolean> {
    try {
      return await this.#look();
    } catch {
      return false;
    }
  }

  /** Whether the file is there, and as it must be. */
  #look(): Promise<boolean> {
    if (this.#isThere !== undefined) return Promise.resolve(this.#isThere);
    this.#looking ??= this.#setRight()
      .then((isThere) => {
        this.#isThere = isThere;
        return isThere;
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  /** A crash may have left a part of one; one with something in it is emptied where it lies. */
  async #setRight(): Promise<boolean> {
    let file: DiskFile;
    try {
      file = await this.#disk.open(this.#path, "read-write");
    } catch (failure) {
      if (isMissing(failure)) return false;
      throw failure;
    }
    let isWhole = false;
    let isEmpty = false;
    try {
      isWhole = (await file.sizeBytes()) === this.#bytes;
      isEmpty = isWhole && (await isZero(file, 0, this.#bytes));
    } finally {
      if (isEmpty || !isWhole) await file.close();
    }
    if (isEmpty) return true;
    if (isWhole) await this.#fill(file);
    else await this.#disk.unlink(this.#path);
    return isWhole;
  }

  /** With zeros: behind the last record of a segment they are nobody's. */
  async #fill(file: DiskFile): Promise<void> {
    const piece = Buffer.alloc(pieceBytes);
    try {
      for (let at = 0; at < this.#bytes; at += piece.length)
        await writeAll(file, [piece.subarray(0, this.#bytes - at)], at);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #exists(path: string): Promise<boolean> {
    try {
      await withFile(this.#disk, path, async () => {});
      return true;
    } catch (failure) {
      if (isMissing(failure)) return false;
      throw failure;
    }
  }

  #tellUse(): void {
    this.#logger.warn("the volume is full: the reserve of the buffer is used", {
      bytes: this.#bytes,
    });
  }
}

function diskError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
