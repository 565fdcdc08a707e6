/** Roles of the hub as a process: the bundle that users run. */
import { join } from "node:path";
import { execPath } from "node:process";
import { readStatus } from "../../src/telemetry/status-client.ts";
import { program as bundle } from "./gateway-program.ts";
import { JournaledProcess } from "./journaled-process.ts";

export interface RoleProgramOptions {
  readonly role: "processor" | "notifier" | "historian" | "bridge" | "console";
  readonly configPath: string;
  /** Where its journal is written. */
  readonly folder: string;
  /** Default: the bundle that was built last. */
  readonly program?: string;
  /** For node itself: `["--cpu-prof"]`. */
  readonly nodeOptions?: readonly string[];
}

export interface RoleProgram {
  /** Of the process that was started last; 0 before the first. */
  readonly pid: number;
  /** Starts it and does not wait. */
  start(): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGSTOP: it does nothing until it goes on. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** SIGHUP: it reads its files again. */
  hangUp(): void;
  /** What it says of itself; undefined while it does not answer. `socket` is the configured one. */
  status(socket: string): Promise<unknown>;
  /** What all its processes have written. */
  journal(): string;
}

export function roleProgram(options: RoleProgramOptions): RoleProgram {
  const { configPath, folder, nodeOptions = [], program = bundle, role } = options;
  const running = new JournaledProcess(join(folder, `${role}.log`));
  return {
    get pid() {
      return running.pid;
    },
    start: () =>
      running.start(execPath, ...nodeOptions, program, "run", role, "--config", configPath),
    kill: async () => void (await running.end("SIGKILL")),
    stop: async () => void (await running.end("SIGTERM")),
    pause: () => running.signal("SIGSTOP"),
    resume: () => running.signal("SIGCONT"),
    hangUp: () => running.signal("SIGHUP"),
    status: (socket) => readStatus(`${socket}.${role}`).catch(() => undefined),
    journal: () => running.journal(),
  };
}
