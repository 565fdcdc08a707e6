import type { DiskFile } from "./disk.ts";

/** Writes everything, in as many calls as it takes. */
export async function writeAll(
  file: DiskFile,
  buffers: readonly Uint8Array[],
  position: number,
): Promise<void> {
  let rest = behind(buffers, 0);
  let at = position;
  while (rest.length > 0) {
    const written = await file.write(rest, at);
    if (written === 0) throw Object.assign(new Error("nothing was written"), { code: "ENOSPC" });
    at += written;
    rest = behind(rest, written);
  }
}

function behind(buffers: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let done = written;
  let first = 0;
  for (const buffer of buffers) {
    if (done < buffer.length) break;
    done -= buffer.length;
    first += 1;
  }
  const [head, ...tail] = buffers.slice(first);
  return head === undefined ? [] : [head.subarray(done), ...tail];
}
