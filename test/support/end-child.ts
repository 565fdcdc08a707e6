import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** SIGKILL; resolves when it is gone, at once where it is. */
export async function endChild(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
