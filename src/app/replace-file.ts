import { randomBytes } from "node:crypto";
import { type FileHandle, lstat, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nodeDisk } from "../buffer/disk.ts";
import { GatewayError } from "../core/errors.ts";
import { systemReason } from "../core/system-reason.ts";

/** Who may do what with a file. */
export interface FileRights {
  /** Of a file that was not there before. */
  readonly newMode: number;
  /** What one that was there keeps of its own; all of it where nothing is said. */
  readonly mostMode?: number;
  /** Who owns a file that was not there before; else whoever owns its folder. */
  readonly newOwner?: { readonly uid: number; readonly gid: number };
}

/**
 * Replaces a file as a whole, or makes it and its folder: whatever happens meanwhile, the old content is
 * there or the new, and the new is on the medium when this resolves. What was there keeps its owner. A
 * link is replaced, never followed: who means the file behind it resolves the path first.
 *
 * The draft has a name that nobody can guess and must not be there yet, so two who write at once do
 * not mix, and what others planted in the folder is not written to. Throws `output.unwritable`.
 */
export async function replaceFile(
  path: string,
  content: string,
  { mostMode = 0o777, newMode, newOwner }: FileRights,
): Promise<void> {
  const folder = dirname(path);
  const draft = join(folder, `.${randomBytes(8).toString("hex")}.new`);
  try {
    await mkdir(folder, { recursive: true });
    const before = await lstat(path).catch(() => undefined);
    const kept = before?.isFile() ? before : undefined;
    const owner = kept ?? newOwner ?? (await stat(folder));
    const mode = kept ? kept.mode & mostMode & 0o777 : newMode;
    const file = await open(draft, "wx", 0o600);
    try {
      await fill(file, content, owner, mode);
      await rename(draft, path);
    } catch (failure) {
      await rm(draft, { force: true });
      throw failure;
    }
    await nodeDisk.syncFolder(folder);
  } catch (thrown) {
    const why = `cannot write ${path}: ${systemReason(thrown)}`;
    throw new GatewayError("output.unwritable", why, { cause: thrown });
  }
}

/** The service reads what somebody else wrote for it, who may be root, or may not give files away. */
async function fill(
  file: FileHandle,
  content: string,
  { gid, uid }: { readonly uid: number; readonly gid: number },
  mode: number,
): Promise<void> {
  try {
    await file.writeFile(content);
    await file.chown(uid, gid).catch(() => {});
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}
