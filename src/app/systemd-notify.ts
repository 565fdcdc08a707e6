/**
 * A few words to the service manager. Node has no sockets of the kind that it listens on: its unit hands
 * one over that is open, as `NOTIFY_FD`. Under any other unit `systemd-notify` says them, which a unit
 * must allow (`NotifyAccess=all`).
 */
import { execFile } from "node:child_process";
import { fstatSync, write } from "node:fs";

/** What the service manager asked of this process when it started it. */
export interface ServiceRequest {
  /** Where it listens. */
  readonly socket: string;
  /** A socket of ours that is connected with it; undefined where the unit opens none. */
  readonly openSocket: number | undefined;
  /** It ends this process after so long without a sign of life; undefined where it does not. */
  readonly watchdogMs: number | undefined;
}

/** Says assignments such as `READY=1`; gives why that failed, undefined when they were taken. */
export type Tell = (assignments: readonly string[]) => Promise<string | undefined>;

/**
 * Takes what was asked out of the environment, so that programs that this process starts do not
 * answer in its place; undefined where nobody asked.
 */
export function takeServiceRequest(env: NodeJS.ProcessEnv): ServiceRequest | undefined {
  const { NOTIFY_FD: fd, NOTIFY_SOCKET: socket, WATCHDOG_PID: pid, WATCHDOG_USEC: usec } = env;
  for (const name of ["NOTIFY_FD", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"])
    delete env[name];
  if (!socket) return undefined;
  const watchdogMs = Number(usec) / 1_000;
  const isForUs = pid === undefined || Number(pid) === process.pid;
  return {
    socket,
    openSocket:
      fd !== undefined && /^\d{1,4}$/.test(fd) && isSocket(Number(fd)) ? Number(fd) : undefined,
    watchdogMs: isForUs && watchdogMs > 0 ? watchdogMs : undefined,
  };
}

/** Else a file of ours might get that number later, and what is said would stand in it. */
function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}

export function tellSystemd(request: ServiceRequest, env: NodeJS.ProcessEnv): Tell {
  const { openSocket, socket } = request;
  if (openSocket !== undefined) return (assignments) => tellOpen(openSocket, assignments);
  const surroundings = { PATH: env["PATH"] ?? "/usr/bin:/bin", NOTIFY_SOCKET: socket };
  return (assignments) => tellByProgram(surroundings, assignments);
}

function tellOpen(fd: number, assignments: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    write(fd, assignments.join("\n"), (failure) => resolve(failure?.message));
  });
}

/** It has ended long before on every machine that still does anything. */
const limitMs = 15_000;

/** The program waits until its words are taken, so that it has not gone before they are read. */
function tellByProgram(
  env: NodeJS.ProcessEnv,
  assignments: readonly string[],
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      "systemd-notify",
      [...assignments],
      { env, timeout: limitMs, killSignal: "SIGKILL" },
      (failure, _said, complaint) =>
        resolve(failure ? complaint.trim() || failure.message : undefined),
    );
  });
}
