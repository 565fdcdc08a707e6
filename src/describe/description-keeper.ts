/**
 * Keeps descriptions on disk. What is told within a moment is written together; messages are
 * acknowledged when they are on the medium, or when the journal says that they are not.
 */
import type { Clock, Timer } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { Logger } from "../core/logger.ts";
import { type DescriptionFile, replaceDescriptions } from "./description-file.ts";

/** What comes within this time is written together. */
const gatherMs = 20;
/** A file with this much more in it than is needed is written anew. */
const mostWastedBytes = 4 * 1024 * 1024;

export interface DescriptionKeeperParts<Line extends object> {
  readonly disk: Disk;
  readonly folder: string;
  readonly fileName: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** All that is to be kept, for a file that is written anew. */
  readonly all: () => readonly Line[];
  /** What else is to be kept that was not, before each write. */
  readonly more: () => readonly Line[];
  /** Called when everything that was told so far is written, or cannot be. */
  readonly written: () => void;
}

export class DescriptionKeeper<Line extends object> {
  readonly #parts: DescriptionKeeperParts<Line>;
  #waiting: Line[] = [];
  #file: DescriptionFile | undefined;
  #neededBytes = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #isTrouble = false;

  constructor(parts: DescriptionKeeperParts<Line>) {
    this.#parts = parts;
  }

  add(...lines: readonly Line[]): void {
    this.#waiting.push(...lines);
    this.#schedule();
  }

  /** Resolves when what was told is written, or cannot be. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#writing;
    if (this.#waiting.length > 0) await this.#write();
    await this.#file?.close();
    this.#file = undefined;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = this.#parts.clock.setTimer(gatherMs, () => {
      this.#timer = undefined;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        if (this.#waiting.length > 0) this.#schedule();
      });
    });
  }

  async #write(): Promise<void> {
    const { folder, logger, more, written } = this.#parts;
    const lines = [...this.#waiting, ...more()];
    this.#waiting = [];
    try {
      await this.#put(lines);
      this.#isTrouble = false;
    } catch (thrown) {
      await this.#file?.close().catch(() => {});
      this.#file = undefined;
      if (!this.#isTrouble)
        logger.warn("what devices said of themselves was not written", { folder, thrown });
      this.#isTrouble = true;
    }
    written();
  }

  async #put(lines: readonly Line[]): Promise<void> {
    const { all, disk, fileName, folder } = this.#parts;
    const isWasteful =
      this.#file !== undefined && this.#file.sizeBytes - this.#neededBytes > mostWastedBytes;
    if (this.#file !== undefined && !isWasteful) return this.#file.add(lines);
    await this.#file?.close();
    this.#file = undefined;
    this.#file = await replaceDescriptions(disk, folder, fileName, all());
    this.#neededBytes = this.#file.sizeBytes;
  }
}
