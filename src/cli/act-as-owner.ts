import { stat } from "node:fs/promises";

/**
 * Where root repairs the folder of somebody else, the rest of the process works as that user: the
 * files it makes are the gateway's own, and its next start can read them.
 */
export async function actAsOwner(folder: string): Promise<void> {
  const { gid, uid } = await stat(folder);
  if (process.geteuid?.() !== 0 || uid === 0) return;
  process.setegid?.(gid);
  process.seteuid?.(uid);
}
