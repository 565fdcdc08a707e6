/** strace around a real process: what it asked of the kernel, and a kernel that is slow to answer. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Why strace cannot be used here; undefined when it can. */
export function straceMissing(): string | undefined {
  const { error, status, stderr } = spawnSync("strace", ["-qq", "-o", "/dev/null", "true"], {
    encoding: "utf8",
  });
  if (error) return "no strace";
  return status === 0 ? undefined : `strace does not work here: ${stderr.trim()}`;
}

/**
 * Put before a command: the traced process stays the child of who starts it, so that its pid and
 * its signals are the usual ones. Only calls of these names are traced, the others cost nothing.
 */
export function straceCommand(calls: readonly string[], outputPath: string, ...more: string[]) {
  const trace = `trace=${calls.join(",")}`;
  return [
    "strace",
    "-D",
    "-f",
    "-qq",
    "--seccomp-bpf",
    "-y",
    "-o",
    outputPath,
    "-e",
    trace,
    ...more,
  ];
}

/** strace on a process that runs already, all its threads; it goes on when strace is detached. */
export async function attachStrace(
  pid: number,
  calls: string,
  outputPath: string,
  ...more: string[]
): Promise<{ detach(): Promise<void> }> {
  const args = ["-f", "-y", "-o", outputPath, "-e", `trace=${calls}`, ...more, "-p", String(pid)];
  const child = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (text) => {
      said += text;
      if (said.includes("attached")) resolve();
    });
    void exited.then(() => reject(new Error(`strace did not attach: ${said}`)));
  });
  return {
    async detach() {
      child.kill("SIGINT");
      await exited;
    },
  };
}

/** One system call as strace wrote it down. */
export interface SystemCall {
  readonly name: string;
  /** As strace shows them: files by path, bytes as a C string. */
  readonly args: string;
  readonly result: string;
  /** Lines of the trace at which it began and was over. */
  readonly from: number;
  readonly to: number;
}

/** The calls that are over, in the order in which they began. */
export function readSystemCalls(path: string): SystemCall[] {
  const open = new Map<string, { name: string; args: string; from: number }>();
  const calls: SystemCall[] = [];
  for (const [at, line] of readFileSync(path, "utf8").split("\n").entries()) {
    const whole = /^(\d+) +(\w+)\((.*)\) += (.*)$/.exec(line);
    const begun = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/.exec(line);
    const over = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (.*)$/.exec(line);
    if (whole) {
      const [, , name = "", args = "", result = ""] = whole;
      calls.push({ name, args, result, from: at, to: at });
    } else if (begun) {
      const [, thread = "", name = "", args = ""] = begun;
      open.set(thread, { name, args, from: at });
    } else if (over) {
      const [, thread = "", , rest = "", result = ""] = over;
      const call = open.get(thread);
      open.delete(thread);
      if (call) calls.push({ ...call, args: call.args + rest, result, to: at });
    }
  }
  return calls.sort((one, other) => one.from - other.from);
}
