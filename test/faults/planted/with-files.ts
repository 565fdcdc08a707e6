import type { Disk, DiskFile } from "../../../src/core/disk.ts";
import { instead } from "../../support/instead.ts";

/** A disk whose files have other members. */
export function withFiles(disk: Disk, members: (file: DiskFile) => Partial<DiskFile>): Disk {
  const other = async (opening: Promise<DiskFile>): Promise<DiskFile> => {
    const file = await opening;
    return instead(file, members(file));
  };
  return instead(disk, {
    create: (path) => other(disk.create(path)),
    open: (path, mode) => other(disk.open(path, mode)),
  });
}
