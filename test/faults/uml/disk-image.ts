import { execFile } from "node:child_process";
import { open, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { findTool } from "./find-tool.ts";

export const runFile = promisify(execFile);

export type FileSystem = "ext4" | "f2fs";

/** Kernel modules that the guest needs for a file system. */
export const modulesOf: Readonly<Record<FileSystem, readonly string[]>> = {
  ext4: [],
  f2fs: ["crc32_generic", "lz4_compress", "lz4hc_compress", "f2fs"],
};

/** Makes a sparse image file anew, empty. */
export async function makeImage(path: string, bytes: number): Promise<void> {
  await rm(path, { force: true });
  const file = await open(path, "wx");
  await file.truncate(bytes);
  await file.close();
}

/** Makes an image with a file system. */
export async function makeFileSystem(
  path: string,
  bytes: number,
  kind: FileSystem = "ext4",
): Promise<void> {
  await makeImage(path, bytes);
  const tool = findTool(`mkfs.${kind}`);
  if (tool === undefined) throw new Error(`no mkfs.${kind} here: sh deploy/setup.sh --faults`);
  await runFile(tool, [kind === "ext4" ? "-qF" : "-qf", path]);
}
