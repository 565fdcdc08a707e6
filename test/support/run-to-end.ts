import { spawn } from "node:child_process";
import { execPath } from "node:process";
import { program as bundle } from "./gateway-program.ts";

export interface Ended {
  /** `null` when it was killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a pipe gives it. Default: nothing. */
  readonly input?: string;
  /** Whose rights it has. Default: ours. */
  readonly ids?: { readonly uid?: number; readonly gid?: number };
  /** Default: the bundle that was built last. */
  readonly program?: string;
  /** Runs the arguments by this in place of the program. */
  readonly shell?: string;
  /** Kills it. */
  readonly signal: AbortSignal;
}

/** Runs the program to its end. */
export function runToEnd(args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, env, ids, input = "", program = bundle, shell, signal } = options;
  const [command, words] = shell === undefined ? [execPath, [program, ...args]] : [shell, args];
  const child = spawn(command, words, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    ...ids,
  });
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      signal.removeEventListener("abort", kill);
      resolve({ status, stdout, stderr });
    });
  });
}
