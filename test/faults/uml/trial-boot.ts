import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { losesRegisters } from "./broken-machine.ts";
import { findTool } from "./find-tool.ts";

const limitMs = 20_000;
let outcome: Promise<boolean> | undefined;

/**
 * False when the kernel of User Mode Linux runs no program on this processor: older ones cannot give
 * a process its registers where those are larger than they know. Tried once.
 */
export function machineBoots(): Promise<boolean> {
  outcome ??= boot();
  return outcome;
}

/** The first program ends at once, which ends a sound kernel too, in other words. */
async function boot(): Promise<boolean> {
  const kernel = findTool("linux.uml");
  if (kernel === undefined) return false;
  const folder = await mkdtemp(join(tmpdir(), "sluicegate-uml-"));
  const words = [
    "mem=128M",
    "root=/dev/root",
    "rootfstype=hostfs",
    "rootflags=/",
    "ro",
    "quiet",
    "init=/bin/true",
    `uml_dir=${folder}/`,
    "con0=null,fd:1",
    "con=null",
    "ssl=null",
  ];
  const child = spawn(kernel, words, { stdio: ["ignore", "pipe", "ignore"], detached: true });
  try {
    return await new Promise<boolean>((resolve) => {
      let said = "";
      const limit = setTimeout(() => resolve(true), limitMs);
      const settle = (boots: boolean): void => {
        clearTimeout(limit);
        resolve(boots);
      };
      child.once("error", () => settle(false));
      child.once("close", () => settle(!losesRegisters(said)));
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (losesRegisters(said)) settle(false);
      });
    });
  } finally {
    if (child.pid !== undefined) killGroup(child.pid);
    await rm(folder, { recursive: true, force: true });
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone.
  }
}
