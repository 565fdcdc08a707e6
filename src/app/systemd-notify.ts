/**
 * A few words to the service manager, by its own program: Node has no sockets of the kind that it
 * listens on. The program waits until they are taken, so nobody has gone before they are read.
 */
import { execFile } from "node:child_process";

/** What the service manager asked of this process when it started it. */
export interface ServiceRequest {
  /** Where it listens. */
  readonly socket: string;
  /** It ends this process after so long without a sign of life; undefined where it does not. */
  readonly watchdogMs: number | undefined;
}

/** Says assignments such as `READY=1`; gives why that failed, undefined when they were taken. */
export type Tell = (assignments: readonly string[]) => Promise<string | undefined>;

/** It has ended long before on every machine that still does anything. */
const limitMs = 15_000;

/**
 * Takes what was asked out of the environment, so that programs that this process starts do not
 * answer in its place; undefined where nobody asked.
 */
export function takeServiceRequest(env: NodeJS.ProcessEnv): ServiceRequest | undefined {
  const { NOTIFY_SOCKET: socket, WATCHDOG_PID: pid, WATCHDOG_USEC: usec } = env;
  for (const name of ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"]) delete env[name];
  if (!socket) return undefined;
  const watchdogMs = Number(usec) / 1_000;
  const isForUs = pid === undefined || Number(pid) === process.pid;
  return { socket, watchdogMs: isForUs && watchdogMs > 0 ? watchdogMs : undefined };
}

export function tellSystemd(socket: string, env: NodeJS.ProcessEnv): Tell {
  const surroundings = { PATH: env["PATH"] ?? "/usr/bin:/bin", NOTIFY_SOCKET: socket };
  return (assignments) =>
    new Promise((resolve) => {
      execFile(
        "systemd-notify",
        [...assignments],
        { env: surroundings, timeout: limitMs, killSignal: "SIGKILL" },
        (failure, _said, complaint) =>
          resolve(failure ? complaint.trim() || failure.message : undefined),
      );
    });
}
