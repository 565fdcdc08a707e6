/**
 * How far the backbone has confirmed, kept over restarts.
 *
 * Two slots of 512 bytes, written in turn; the one with the higher generation whose checksum fits
 * is the cursor. It is a hint: the backbone itself knows what it holds, and a lost cursor costs one
 * question to it, never a record.
 */
import { join } from "node:path";
import type { Disk, DiskFile } from "../core/disk.ts";
import { replaceWhole } from "../core/whole-file.ts";
import { writeAll } from "../core/write-all.ts";
import type { CreateFile } from "./files/create-over.ts";
import { isUnreadable } from "./files/disk-errors.ts";
import { patiently, withFile } from "./files/with-file.ts";
import {
  type CursorState,
  cursorSlotBytes,
  emptyCursor,
  formatCursorSlot,
  parseCursorSlot,
} from "./format/cursor-slot.ts";

export const cursorName = "cursor";

/** The cursor's file. One call of `save` at a time. */
export class CursorFile {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #gatewayHash: string;
  #file: DiskFile | undefined;
  #generation = 0;
  #saved: CursorState = emptyCursor;
  #isInDoubt = false;
  #isWhole = false;
  #isSilent = false;
  #isFileUsable = false;

  constructor(disk: Disk, folder: string, gatewayHash: string) {
    this.#disk = disk;
    this.#folder = folder;
    this.#gatewayHash = gatewayHash;
  }

  /** What was saved last. */
  get saved(): CursorState {
    return this.#saved;
  }

  /**
   * True while `saved` is what a start found: the run before may have met a failed sync, and then the
   * system shows a cursor that the medium never got.
   */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  /**
   * True when what was found is the last that was saved: neither slot is damaged. Otherwise the
   * backbone may have had more than the cursor says.
   */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** True when there is one and the medium gave nothing of it. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Finds the cursor of the run before. Anything unreadable counts as no cursor. Changes nothing. */
  async load(): Promise<void> {
    try {
      await withFile(this.#disk, join(this.#folder, cursorName), async (file) => {
        let slots = 0;
        for (const at of [0, cursorSlotBytes]) {
          const slot = Buffer.alloc(cursorSlotBytes);
          const read = await patiently(() => file.read(slot, at));
          const found = parseCursorSlot(slot.subarray(0, read), this.#gatewayHash);
          if (found) slots += 1;
          if (!found || found.generation <= this.#generation) continue;
          this.#generation = found.generation;
          this.#saved = found.state;
          this.#isInDoubt = true;
        }
        this.#isWhole = slots === 2 || (slots === 1 && this.#generation === 1);
        this.#isFileUsable = true;
      });
    } catch (failure) {
      // There is none, or none that can be read: the next save begins a new file.
      this.#isSilent = isUnreadable(failure);
    }
  }

  /**
   * Resolves when the state is on the medium. After a failure the next call begins a new file, with
   * `create`.
   */
  async save(
    state: CursorState,
    create: CreateFile = (path) => this.#disk.create(path),
  ): Promise<void> {
    const generation = this.#generation + 1;
    const slot = formatCursorSlot(state, generation, this.#gatewayHash);
    const at = (generation % 2) * cursorSlotBytes;
    try {
      this.#file ??= await this.#openFound();
      if (this.#file) {
        await writeAll(this.#file, [slot], at);
        await this.#file.sync();
        // Nor does anybody know whether the medium has the name of a file that was found.
        if (this.#isInDoubt) await this.#disk.syncFolder(this.#folder);
      } else {
        const write = async (file: DiskFile): Promise<void> => {
          if ((await file.sizeBytes()) > cursorSlotBytes * 2)
            await file.truncate(cursorSlotBytes * 2);
          await writeAll(file, [slot], at);
        };
        this.#file = await replaceWhole(this.#disk, this.#folder, cursorName, write, create);
      }
    } catch (failure) {
      await this.close();
      throw failure;
    }
    this.#generation = generation;
    this.#saved = state;
    this.#isInDoubt = false;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => {});
  }

  /** The file that was found by `load`, once; after a failure it is not trusted any more. */
  async #openFound(): Promise<DiskFile | undefined> {
    if (!this.#isFileUsable) return undefined;
    const file = await this.#disk.open(join(this.#folder, cursorName), "read-write");
    this.#isFileUsable = false;
    return file;
  }
}
