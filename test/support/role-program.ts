/** Roles of the hub as a process: the bundle that users run. */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readStatus } from "../../src/telemetry/status-client.ts";
import { program as bundle } from "./gateway-program.ts";

export interface RoleProgramOptions {
  readonly role: "processor" | "notifier";
  readonly configPath: string;
  /** Where its journal is written. */
  readonly folder: string;
  /** Default: the bundle that was built last. */
  readonly program?: string;
}

export interface RoleProgram {
  /** Starts it and does not wait. */
  start(): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
  /** What it says of itself; undefined while it does not answer. `socket` is the configured one. */
  status(socket: string): Promise<unknown>;
  /** What all its processes have written. */
  journal(): string;
}

export function roleProgram(options: RoleProgramOptions): RoleProgram {
  const { configPath, folder, program = bundle, role } = options;
  const journalPath = join(folder, `${role}.log`);
  const said = openSync(journalPath, "a");
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child?.kill(signal);
    await ended;
  };
  return {
    start() {
      const started = spawn(process.execPath, [program, "run", role, "--config", configPath], {
        stdio: ["ignore", said, said],
      });
      child = started;
      ended = new Promise((resolve) => started.once("exit", () => resolve()));
    },
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    status: (socket) => readStatus(`${socket}.${role}`).catch(() => undefined),
    journal: () => readFileSync(journalPath, "utf8"),
  };
}
