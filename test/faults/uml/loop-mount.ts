import { mkdir } from "node:fs/promises";
import { runFile } from "./disk-image.ts";

/** Runs `work` while an ext4 image is mounted on a folder; undefined when it cannot be mounted. */
export async function withMounted<T>(
  image: string,
  folder: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  await mkdir(folder, { recursive: true });
  const mounted = await runFile("mount", ["-t", "ext4", "-o", "loop", image, folder]).then(
    () => true,
    () => false,
  );
  if (!mounted) return undefined;
  try {
    return await work();
  } finally {
    // The loop device goes with the mount.
    await runFile("umount", [folder]);
  }
}
