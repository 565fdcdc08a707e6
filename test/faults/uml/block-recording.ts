/** Reads what the kernel's `dm-log-writes` recorded: each write and flush of a disk, and marks. */
import { type FileHandle, open } from "node:fs/promises";

const magic = 0x6a736677736872n;
const superBytes = 32;
const entryBytes = 32;
const flagBits = { flush: 1n, fua: 2n, discard: 4n, mark: 8n, metadata: 16n };

/** One step of the recording, in the order in which the disk was told. */
export interface RecordedStep {
  /** Where in the disk the data goes, in bytes; no meaning without data. */
  readonly offset: number;
  /** Empty for a flush alone, and for a mark. */
  readonly data: Buffer;
  /** Everything that was complete before this step is on the medium. */
  readonly flush: boolean;
  /** This write itself is on the medium when it is complete. */
  readonly fua: boolean;
  /** The file system's own: it relies on such a write being whole or not there. */
  readonly metadata: boolean;
  readonly mark: string | undefined;
}

export async function readRecording(path: string): Promise<RecordedStep[]> {
  const file = await open(path, "r");
  try {
    const head = await readAt(file, 0, superBytes);
    if (head.readBigUInt64LE(0) !== magic) throw new Error(`${path} is not a recording`);
    const count = Number(head.readBigUInt64LE(16));
    const sectorBytes = head.readUInt32LE(24);
    const steps: RecordedStep[] = [];
    let at = sectorBytes;
    for (let index = 0; index < count; index += 1) {
      const entry = await readAt(file, at, sectorBytes);
      const flags = entry.readBigUInt64LE(16);
      const has = (bit: bigint): boolean => (flags & bit) !== 0n;
      const bytes = Number(entry.readBigUInt64LE(8)) * sectorBytes;
      const markBytes = Number(entry.readBigUInt64LE(24));
      at += sectorBytes;
      const carriesData = !has(flagBits.discard) && !has(flagBits.mark);
      steps.push({
        offset: Number(entry.readBigUInt64LE(0)) * sectorBytes,
        data: carriesData ? await readAt(file, at, bytes) : Buffer.alloc(0),
        flush: has(flagBits.flush),
        fua: has(flagBits.fua),
        metadata: has(flagBits.metadata),
        mark: has(flagBits.mark) ? textOf(entry, markBytes) : undefined,
      });
      if (carriesData) at += bytes;
    }
    return steps;
  } finally {
    await file.close();
  }
}

function textOf(entry: Buffer, bytes: number): string {
  const text = entry.subarray(entryBytes, entryBytes + bytes).toString("latin1");
  return text.replace(/\0.*$/s, "");
}

async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const target = Buffer.alloc(bytes);
  await file.read(target, 0, bytes, position);
  return target;
}
