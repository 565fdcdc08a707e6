/**
 * How far the backbone has confirmed, kept over restarts.
 *
 * Two slots of 512 bytes, written in turn; the one with the higher generation whose checksum fits
 * is the cursor. It is a hint: the backbone itself knows what it holds, and a lost cursor costs one
 * question to it, never a record.
 *
 * ```
 *  0 magic 4    8 u64 generation   24 u64 confirmed seq    40 u64 first seq of the newest segment published from
 *  4 u16 1     16 run, 8 ASCII     32 u64 its stream seq   48 u16 runs, 56 gateway hash 8, 64 the runs, 8 ASCII each
 *                                                         500 u64 durable seq, 508 u32 CRC
 * ```
 */
import { join } from "node:path";
import type { Disk, DiskFile } from "../core/disk.ts";
import { type RunId, toRunId, toSeq, toStreamSeq } from "../core/ids.ts";
import type { StreamPosition } from "../core/log-accounts.ts";
import { replaceWhole } from "../core/whole-file.ts";
import { writeAll } from "../core/write-all.ts";
import type { CreateFile } from "./files/create-over.ts";
import { isUnreadable } from "./files/disk-errors.ts";
import { patiently, withFile } from "./files/with-file.ts";
import { checksum } from "./format/checksum.ts";
import { readU64, writeU64 } from "./format/u64.ts";

export const cursorName = "cursor";
const slotBytes = 512;
const magic = "SLGC";
/** As many runs as a slot has room for. */
const mostRuns = 54;
const runsAt = 64;

export interface CursorState {
  readonly confirmed: StreamPosition | undefined;
  /** 0 while nothing was ever published. */
  readonly publishedFirstSeq: number;
  /** Up to here records were durable when the cursor was written; the log may hold more. */
  readonly durableSeq: number;
  /** The latest runs, newest last. */
  readonly runs: readonly RunId[];
}

const emptyCursor: CursorState = {
  confirmed: undefined,
  publishedFirstSeq: 0,
  durableSeq: 0,
  runs: [],
};

/** One slot. */
export function formatCursorSlot(
  state: CursorState,
  generation: number,
  gatewayHash: string,
): Buffer {
  const slot = Buffer.alloc(slotBytes);
  slot.write(magic, 0, "latin1");
  slot.writeUInt16LE(1, 4);
  writeU64(slot, generation, 8);
  if (state.confirmed) {
    slot.write(state.confirmed.run, 16, 8, "latin1");
    writeU64(slot, state.confirmed.seq, 24);
    writeU64(slot, state.confirmed.streamSeq, 32);
  }
  writeU64(slot, state.publishedFirstSeq, 40);
  const runs = state.runs.slice(-mostRuns);
  slot.writeUInt16LE(runs.length, 48);
  runs.forEach((run, index) => {
    slot.write(run, runsAt + index * 8, 8, "latin1");
  });
  slot.write(gatewayHash, 56, 8, "hex");
  writeU64(slot, state.durableSeq, 500);
  slot.writeUInt32LE(checksum(slot, 0, 508, 0), 508);
  return slot;
}

/** Reads one slot; undefined when it holds no cursor of this gateway. */
export function parseCursorSlot(
  slot: Buffer,
  gatewayHash: string,
): { readonly generation: number; readonly state: CursorState } | undefined {
  if (slot.length !== slotBytes || slot.toString("latin1", 0, 4) !== magic) return undefined;
  if (checksum(slot, 0, 508, 0) !== slot.readUInt32LE(508)) return undefined;
  if (slot.toString("hex", 56, 64) !== gatewayHash) return undefined;
  const seq = readU64(slot, 24);
  const confirmed =
    seq === 0
      ? undefined
      : {
          run: toRunId(slot.toString("latin1", 16, 24)),
          seq: toSeq(seq),
          streamSeq: toStreamSeq(readU64(slot, 32)),
        };
  const runs: RunId[] = [];
  for (let index = 0; index < slot.readUInt16LE(48); index += 1)
    runs.push(toRunId(slot.toString("latin1", runsAt + index * 8, runsAt + 8 + index * 8)));
  return {
    generation: readU64(slot, 8),
    state: {
      confirmed,
      publishedFirstSeq: readU64(slot, 40),
      durableSeq: readU64(slot, 500),
      runs,
    },
  };
}

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
        for (const at of [0, slotBytes]) {
          const slot = Buffer.alloc(slotBytes);
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
    const at = (generation % 2) * slotBytes;
    try {
      this.#file ??= await this.#openFound();
      if (this.#file) {
        await writeAll(this.#file, [slot], at);
        await this.#file.sync();
        // Nor does anybody know whether the medium has the name of a file that was found.
        if (this.#isInDoubt) await this.#disk.syncFolder(this.#folder);
      } else {
        const write = async (file: DiskFile): Promise<void> => {
          if ((await file.sizeBytes()) > slotBytes * 2) await file.truncate(slotBytes * 2);
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
