/**
 * Begins a file under a name that may be taken: by what a failed attempt left, or by a file that the
 * start found and could not delete. Anything else under that name is somebody's data.
 */
import type { Disk, DiskFile } from "../../core/disk.ts";
import { GatewayError } from "../../core/errors.ts";
import { systemCode } from "../../core/system-reason.ts";
import type { SegmentHeader } from "../format/segment-header.ts";
import { readHeader } from "./read-header.ts";
import { firstRecordIn } from "./record-walk.ts";
import { withFile } from "./with-file.ts";

/** Makes a file that must not be there, as `Disk.create` does. */
export type CreateFile = (path: string) => Promise<DiskFile>;

/** True for the segment of a header whose records nobody will ask for. */
export type IsVoid = (header: SegmentHeader) => boolean;

/** Rejects with `buffer.io`, and changes nothing, where a segment with records is in the way. */
export async function createOver(
  disk: Disk,
  path: string,
  isVoid: IsVoid,
  create: CreateFile,
): Promise<DiskFile> {
  try {
    return await create(path);
  } catch (failure) {
    if (systemCode(failure) !== "EEXIST") throw failure;
    if (await withFile(disk, path, (file) => holdsRecords(file, isVoid)))
      throw new GatewayError(
        "buffer.io",
        `cannot begin ${path}: another process has written records there; ` +
          "see to it that one gateway uses the folder",
      );
    await disk.unlink(path);
    return create(path);
  }
}

async function holdsRecords(file: DiskFile, isVoid: IsVoid): Promise<boolean> {
  const finding = await readHeader(file);
  if (finding.kind === "newer") return true;
  if (finding.kind !== "header" || isVoid(finding.header)) return false;
  const { keyId, uuid } = finding.header;
  const seal = keyId === 0 ? undefined : { keyId, cipher: undefined };
  const first = await firstRecordIn(file, { uuid, seal }, await file.sizeBytes());
  return first !== undefined;
}
