import { readFile, realpath, writeFile } from "node:fs/promises";
import { basename } from "node:path";

/**
 * Does work while ext4 keeps no room of a volume for itself: it holds back a fiftieth of the blocks,
 * which nobody can write to otherwise, root neither. Where that cannot be set (another file system, not
 * root), the work is done all the same. `dev`: as `stat` gives it.
 */
export async function withoutReserve(dev: number, work: () => Promise<void>): Promise<void> {
  const path = await reservePath(dev).catch(() => undefined);
  const kept = path && (await readFile(path, "utf8").catch(() => undefined));
  if (!path || kept === undefined) return work();
  const set = (blocks: string): Promise<void> => writeFile(path, blocks).catch(() => {});
  await set("0");
  try {
    await work();
  } finally {
    await set(kept);
  }
}

async function reservePath(dev: number): Promise<string> {
  const number = BigInt(dev);
  const major = ((number >> 8n) & 0xfffn) | ((number >> 32n) & 0xfffff000n);
  const minor = (number & 0xffn) | ((number >> 12n) & 0xffffff00n);
  const device = await realpath(`/sys/dev/block/${major}:${minor}`);
  return `/sys/fs/ext4/${basename(device)}/reserved_clusters`;
}
