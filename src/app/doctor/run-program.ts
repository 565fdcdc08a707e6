import { execFile } from "node:child_process";
import { systemCode } from "../../core/system-reason.ts";

export interface ProgramRun {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** A program that prints more tells nothing; default 1 MiB. */
  readonly mostBytes?: number;
}

const usualBytes = 1_048_576;

/** What a program of the system prints, whatever its exit status is; undefined where there is no such program, or none that answers in time. */
export function runProgram(
  name: string,
  args: readonly string[],
  { env, mostBytes: maxBuffer = usualBytes, signal }: ProgramRun,
): Promise<string | undefined> {
  const killSignal = "SIGKILL";
  const own = { ...env, LC_ALL: "C" };
  const options = { signal, maxBuffer, killSignal, env: own } as const;
  return new Promise((resolve) => {
    execFile(name, [...args], options, (failure, stdout) => {
      const isAbsent =
        failure && (systemCode(failure) !== undefined || failure.name === "AbortError");
      resolve(isAbsent ? undefined : stdout);
    });
  });
}
