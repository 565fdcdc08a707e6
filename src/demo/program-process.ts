/** This very program as a process of its own, so that it can be killed for real. */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { endWithUs } from "../nats-server/end-with-us.ts";
import { readStatus } from "../telemetry/status-client.ts";

export interface ProgramProcess {
  readonly pid: number;
  /** Resolves with the exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves when it answers on its status socket; rejects with its last words when it ends first. */
  answers(statusSocket: string, clock: Clock): Promise<void>;
  /** SIGKILL: no chance to write or say anything. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL for one that does not go within 15 s. */
  stop(): Promise<void>;
}

/** Starts `sluicegate <args>`; what it says goes to the end of a file. */
export function startProgram(args: readonly string[], journalPath: string): ProgramProcess {
  const journal = openSync(journalPath, "a", 0o600);
  const [, script = ""] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
    stdio: ["ignore", journal, journal],
    // Ctrl-C goes to the whole group of a terminal; this process is stopped by whoever started it.
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new GatewayError("internal.bug", `cannot start ${process.execPath}`);
  const ended = endOf(child);
  endWithUs(child);
  return {
    pid,
    ended,
    answers: async (statusSocket, clock) => {
      while (!(await isUp(statusSocket))) {
        if (child.exitCode !== null || child.signalCode !== null) {
          const said = readFileSync(journalPath, "utf8").trim().split("\n").slice(-5).join("\n");
          throw new GatewayError("internal.bug", `sluicegate ${args.join(" ")} ended: ${said}`);
        }
        await sleep(clock, 50);
      }
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    stop: async () => {
      child.kill("SIGTERM");
      const impatience = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(impatience);
    },
  };
}

/** True when a process answers on the socket. */
async function isUp(statusSocket: string): Promise<boolean> {
  return readStatus(statusSocket).then(
    () => true,
    () => false,
  );
}

function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve) => {
    child.once("exit", (status, signal) => resolve(status ?? signal ?? 1));
  });
}
