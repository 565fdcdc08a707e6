/**
 * A machine whose power can be cut: User Mode Linux, a real kernel with real file systems in a
 * process of this machine. What its page cache held is gone when the process is killed; what it had
 * written to its disk images is there.
 *
 * The guest sees this machine's files read-only. Its console is a pipe to here, so that a line it
 * printed survives the cut.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitUntil } from "../../support/wait-until.ts";
import { BrokenMachine, losesRegisters } from "./broken-machine.ts";
import { findTool } from "./find-tool.ts";

const init = fileURLToPath(new URL("init.sh", import.meta.url));
const living = new Set<ChildProcess>();
const killAll = (): void => {
  for (const child of living) killGroup(child);
};
process.once("exit", killAll);
// In groups of their own they hear nothing of a Ctrl-C here.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    killAll();
    process.kill(process.pid, signal);
  });
}

export interface MachineOptions {
  /** A script that runs in the guest, as root, when `init.sh` is through. */
  readonly guest: string;
  /** For its own files; a temporary folder of the caller. */
  readonly folder: string;
  /** Image files, in order: `/dev/ubda`, `/dev/ubdb`, ... */
  readonly disks: readonly string[];
  /** Variables of the guest's script; no blanks. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Kernel modules to load, in order. */
  readonly modules?: readonly string[];
  /** A tap device of this machine that becomes the guest's `eth0`. */
  readonly tap?: string;
  readonly onLine?: (line: string) => void;
}

export interface Machine {
  /** Waits for a line that the guest prints, or has printed. */
  line(pattern: RegExp, limitMs?: number): Promise<RegExpExecArray>;
  /** Cuts the power; resolves when nothing of the machine is left. */
  cut(): Promise<void>;
  /** Waits until the guest has switched itself off; cuts the power and throws when it does not. */
  off(limitMs?: number): Promise<void>;
  /** What it printed last. */
  tail(): string;
}

export function bootMachine(options: MachineOptions): Machine {
  const { disks, folder, guest, modules = [], onLine, tap, variables = {} } = options;
  const kernel = findTool("linux.uml");
  if (kernel === undefined) throw new Error("no linux.uml here: sh deploy/setup.sh --faults");
  const words = [
    "mem=512M",
    "root=/dev/root",
    "rootfstype=hostfs",
    "rootflags=/",
    "ro",
    "quiet",
    "init=/bin/sh",
    `uml_dir=${join(folder, "uml")}/`,
    ...disks.map((path, index) => `ubd${index}=${path}`),
    ...(tap === undefined ? [] : [`eth0=tuntap,${tap}`]),
    "con0=null,fd:1",
    "con=null",
    "ssl=null",
    `guest=${guest}`,
    `modules=${modules.join(",")}`,
    `node=${process.execPath}`,
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    "--",
    init,
  ];
  // A group of its own: each process of the guest is a process here, and all must go at once.
  const child = spawn(kernel, words, { stdio: ["ignore", "pipe", "ignore"], detached: true });
  living.add(child);
  let gone = false;
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      gone = true;
      living.delete(child);
      resolve();
    });
  });
  const lines: string[] = [];
  let rest = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    const parts = (rest + text).split(/\r?\n/);
    rest = parts.pop() ?? "";
    for (const line of parts) {
      lines.push(line);
      onLine?.(line);
    }
    if (lines.length > 2_000) lines.splice(0, 1_000);
  });
  const tail = (): string => lines.slice(-15).join("\n");

  const failure = (thrown: unknown): Error => {
    const message = `${String(thrown)}; it said:\n${tail()}`;
    return losesRegisters(lines.join("\n")) ? new BrokenMachine(message) : new Error(message);
  };

  const cut = async (): Promise<void> => {
    killGroup(child);
    await ended;
  };
  return {
    tail,
    cut,
    async line(pattern, limitMs = 60_000) {
      try {
        return await waitUntil(
          () => {
            const found = lines.map((line) => pattern.exec(line)).find((match) => match !== null);
            if (found) return found;
            if (gone) throw new Error("the machine went off");
            return undefined;
          },
          `the machine prints ${pattern}`,
          limitMs,
        );
      } catch (thrown) {
        await cut();
        throw failure(thrown);
      }
    },
    async off(limitMs = 60_000) {
      try {
        await waitUntil(() => gone, "the machine switches itself off", limitMs);
      } catch (thrown) {
        await cut();
        throw failure(thrown);
      }
    },
  };
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone.
  }
}
