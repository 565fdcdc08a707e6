import { execFileSync } from "node:child_process";

/** A process as the system lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly command: string;
}

/** The running processes whose command line has a text in it. */
export function processesNaming(text: string): ListedProcess[] {
  return execFileSync("ps", ["-axww", "-o", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(text))
    .map((line) => {
      const [, pid = "", command = ""] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
      return { pid: Number(pid), command };
    });
}
