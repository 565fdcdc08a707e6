/**
 * A name for this process by which others on the same machine can tell whether it is still there:
 * the boot, the space of process numbers, the number, and when it began.
 */
import { readFile, readlink } from "node:fs/promises";
import type { ProcessMark } from "../core/process-mark.ts";
import { readBootId } from "./boot-id.ts";

/** The mark of this process. */
export async function readProcessMark(): Promise<ProcessMark> {
  const space = await spaceOfProcesses();
  const began = await whenBegan(process.pid);
  const isKnown = space !== undefined && began !== undefined;
  return { own: isKnown ? `${space} ${process.pid} ${began}` : undefined, isGone };
}

async function isGone(mark: string): Promise<boolean> {
  const space = await spaceOfProcesses();
  if (space === undefined || !mark.startsWith(`${space} `)) return false;
  const [pid = "", began = "", ...others] = mark.slice(space.length + 1).split(" ");
  if (!/^\d+$/.test(pid) || !/^\d+$/.test(began) || others.length > 0) return false;
  const found = await whenBegan(Number(pid));
  // Of processes of others the system may not tell when they began.
  return found === undefined ? !isThere(Number(pid)) : found !== began;
}

async function spaceOfProcesses(): Promise<string | undefined> {
  const boot = await readBootId();
  const space = await readlink("/proc/self/ns/pid").catch(() => undefined);
  return boot === undefined || space === undefined ? undefined : `${boot} ${space}`;
}

/** In ticks since the boot; undefined where that cannot be read. */
async function whenBegan(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  // The name stands in parentheses and may hold anything.
  const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return state === "Z" || state === "X" ? "never" : fields[18];
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return !(thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH");
  }
}
