/**
 * A nats-server that its owner left behind: killed together with its guard, or before it had one.
 * Two servers on one store would spoil it, so the one that is left is ended first.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { GatewayError } from "../core/errors.ts";
import { systemCode } from "../core/system-reason.ts";

const patienceMs = 15_000;

/**
 * Ends the server of the pid file, if the process of that number is one that runs with this
 * configuration file. Throws `nats.unavailable` when it does not go.
 */
export async function endLeftServer(pidPath: string, configurationPath: string): Promise<void> {
  const pid = Number(await readFile(pidPath, "utf8").catch(() => ""));
  const lives = (): boolean => commandOf(pid).includes(configurationPath);
  if (!Number.isInteger(pid) || pid <= 1 || !lives()) return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    send(pid, signal);
    const until = performance.now() + patienceMs;
    while (lives() && performance.now() < until) await pause(20);
  }
  if (lives()) {
    throw new GatewayError(
      "nats.unavailable",
      `cannot end nats-server ${pid}, which was left behind on ${configurationPath}; end it by hand`,
    );
  }
  await rm(pidPath, { force: true });
}

/** The command line of a process, from the system's own list; empty when there is no such process. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    if (process.platform === "linux") return "";
  }
  try {
    return execFileSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/** It may have ended by itself meanwhile. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if (systemCode(thrown) !== "ESRCH") {
      throw GatewayError.from(thrown, "nats.unavailable", `cannot end nats-server ${pid}`);
    }
  }
}
