import { type ChildProcess, spawn } from "node:child_process";

/**
 * Sees to it that a child process does not outlive this one, however this one ends: a second signal,
 * SIGKILL, the memory killer. A shell of about a megabyte waits at a pipe that only this process
 * holds; the system closes it with the process, and then the child gets SIGTERM.
 */
export function endWithUs(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const guard = spawn(
    "/bin/sh",
    ["-c", 'read -r _; kill "$1" 2>/dev/null', "sluicegate-guard", String(child.pid)],
    // A session of its own: what is sent to our group must not end the guard before its time.
    { stdio: ["pipe", "ignore", "ignore"], detached: true },
  );
  // Without a guard the next start still finds what was left behind by its pid file.
  guard.on("error", () => {});
  guard.unref();
  child.once("exit", () => guard.kill("SIGKILL"));
}
