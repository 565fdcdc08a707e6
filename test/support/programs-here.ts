import { spawnSync } from "node:child_process";

/** True where a program can be run on this machine. */
export function isHere(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).error === undefined;
}
