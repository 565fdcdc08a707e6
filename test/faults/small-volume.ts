/** A small file system of an arm's own, and ballast that fills it. */
import { type FileHandle, mkdir, mkdtemp, open, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { makeFileSystem, runFile } from "./uml/disk-image.ts";

const mib = 2 ** 20;

export type VolumeKind = "ext4" | "tmpfs";

export interface SmallVolume {
  readonly folder: string;
  /**
   * Puts ballast there until only so many bytes are free; 0 fills the last block, and what is deleted
   * then gives nothing back at first where the file system can be told so.
   */
  fill(freeBytes: number): Promise<void>;
  /** Takes the ballast away. */
  free(): Promise<void>;
}

/** Runs `work` with a volume of 64 MiB; it is unmounted in the end. Needs root. */
export async function onSmallVolume<T>(
  kind: VolumeKind,
  folder: string,
  work: (volume: SmallVolume) => Promise<T>,
): Promise<T> {
  const mount = join(folder, "volume");
  await mkdir(mount, { recursive: true });
  if (kind === "ext4") {
    const image = join(folder, "volume.img");
    await makeFileSystem(image, 64 * mib);
    await runFile("mount", ["-o", "loop", image, mount]);
  } else {
    await runFile("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", mount]);
  }
  const ballast = join(mount, "ballast");
  try {
    return await work({
      folder: mount,
      async fill(freeBytes) {
        const { bavail, bsize } = await statfs(mount);
        const file = await open(ballast, "a");
        const block = Buffer.alloc(64 * 1024, 0x5a);
        for (let left = bavail * bsize - freeBytes; left >= block.length; left -= block.length)
          await file.write(block);
        if (freeBytes === 0) await fillUp(file);
        await file.sync();
        await file.close();
        if (freeBytes === 0 && kind === "ext4") await keepDeleted(mount, mib);
      },
      free: () => rm(ballast, { force: true }),
    });
  } finally {
    await runFile("umount", [mount]);
  }
}

async function fillUp(file: FileHandle): Promise<void> {
  const block = Buffer.alloc(4_096, 0x5a);
  try {
    for (;;) await file.write(block);
  } catch {
    // The volume is full.
  }
}

/** The first bytes that come free go to what ext4 keeps for itself; a busy machine does the same. */
async function keepDeleted(mount: string, bytes: number): Promise<void> {
  const { bfree, bsize } = await statfs(mount);
  const { stdout } = await runFile("findmnt", ["-no", "SOURCE", mount]);
  const kept = `/sys/fs/ext4/${basename(stdout.trim())}/reserved_clusters`;
  await writeFile(kept, String(bfree + Math.ceil(bytes / bsize))).catch(() => {});
}

/** Why no volume can be mounted here; undefined when it can. */
export async function missingVolume(): Promise<string | undefined> {
  if (process.platform !== "linux") return "not Linux";
  if (process.getuid?.() !== 0) return "not root";
  const folder = await mkdtemp(join(tmpdir(), "sluicegate-fault-"));
  try {
    await onSmallVolume("ext4", folder, async () => {});
    return undefined;
  } catch (thrown) {
    return `cannot mount: ${String(thrown)}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
