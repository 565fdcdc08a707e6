/**
 * A file that only takes space, so that the log can end what it has begun on a volume that somebody
 * else filled to the last byte: gap events, the cursor, and the files without the classes that were
 * given up. Records of devices never get this space.
 */
import { join } from "node:path";
import type { Disk } from "../core/disk.ts";
import type { Logger } from "../core/logger.ts";
import { writeAll } from "./active-segment.ts";
import { isFull, isMissing } from "./disk-errors.ts";
import type { BufferOptions } from "./options.ts";

/** In the folder of the log. */
export const reserveName = "reserve";

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

  constructor(disk: Disk, folder: string, logger: Logger, options: BufferOptions) {
    this.#disk = disk;
    this.#folder = folder;
    this.#path = join(folder, reserveName);
    this.#logger = logger;
    this.#bytes = Math.min(largestBytes, Math.floor(options.max_bytes / largestShare));
    this.#minFreeBytes = options.min_free;
  }

  /** What is to stay free above the minimum so that the file can be made again. */
  get missingBytes(): number {
    return this.#isThere === false ? this.#bytes : 0;
  }

  /** Does `work`, and once more with the space of the reserve when the volume is full. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (failure) {
      if (!isFull(failure) || !(await this.release())) throw failure;
      return work();
    }
  }

  /** Gives the space away; false when there is none to give. */
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
    this.#logger.warn("the volume is full: the reserve of the buffer is used", {
      bytes: this.#bytes,
    });
    return true;
  }

  /** Makes the file where there is none and the volume has room for it above the minimum. */
  async restore(): Promise<void> {
    try {
      this.#isThere ??= await this.#isWhole();
      if (this.#isThere) return;
      const freeBytes = await this.#disk.freeBytes(this.#folder);
      if (freeBytes >= this.#minFreeBytes + this.#bytes) await this.#write();
    } catch (failure) {
      this.#logger.warn("cannot keep a reserve on the volume", { failure: String(failure) });
      await this.#disk.unlink(this.#path).catch(() => {});
    }
  }

  /** A crash may have left a part of one. */
  async #isWhole(): Promise<boolean> {
    try {
      const file = await this.#disk.open(this.#path, "read");
      try {
        if ((await file.sizeBytes()) === this.#bytes) return true;
      } finally {
        await file.close();
      }
      await this.#disk.unlink(this.#path);
      return false;
    } catch (failure) {
      if (isMissing(failure)) return false;
      throw failure;
    }
  }

  async #write(): Promise<void> {
    const piece = Buffer.alloc(pieceBytes, reserveName);
    const file = await this.#disk.create(this.#path);
    try {
      for (let at = 0; at < this.#bytes; at += piece.length)
        await writeAll(file, [piece.subarray(0, this.#bytes - at)], at);
      await file.sync();
    } finally {
      await file.close();
    }
    this.#isThere = true;
  }
}
