import { readFile } from "node:fs/promises";

/** Names the present boot of the machine; undefined where the system has no name for it. */
export async function readBootId(): Promise<string | undefined> {
  const text = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  const id = text.trim();
  return id === "" ? undefined : id;
}
