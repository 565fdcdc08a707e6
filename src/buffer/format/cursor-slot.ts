/**
 * What stands in a slot of the cursor.
 *
 * ```
 *  0 magic 4    8 u64 generation   24 u64 confirmed seq    40 u64 first seq of the newest segment published from
 *  4 u16 1     16 run, 8 ASCII     32 u64 its stream seq   48 u16 runs, 56 gateway hash 8, 64 the runs, 8 ASCII each
 *                                                         500 u64 durable seq, 508 u32 CRC
 * ```
 */
import { type RunId, toRunId, toSeq, toStreamSeq } from "../../core/ids.ts";
import type { StreamPosition } from "../../core/log-accounts.ts";
import { checksum } from "./checksum.ts";
import { readU64, writeU64 } from "./u64.ts";

export const cursorSlotBytes = 512;
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

export const emptyCursor: CursorState = {
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
  const slot = Buffer.alloc(cursorSlotBytes);
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
  if (slot.length !== cursorSlotBytes || slot.toString("latin1", 0, 4) !== magic) return undefined;
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
