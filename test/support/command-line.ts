/** The bundle as people call it: a command line in, an exit status and two texts out. */
import { spawn } from "node:child_process";
import { chmod, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { program } from "./gateway-program.ts";

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** What a pipe gives it; without one its standard input is empty. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Run as somebody who is not root, where the tests are root. */
  readonly user?: OrdinaryUser;
}

/** A user without rights of root, and a program that this user may read. */
export interface OrdinaryUser {
  readonly program: string;
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

/** Runs the program to its end; what outlives the test is killed. */
export function runCommand(
  args: readonly string[],
  { cwd, env, input = "", user = { program, ids: {} } }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [user.program, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    ...user.ids,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
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
    child.once("close", (status) => resolve({ status, stdout, stderr }));
  });
}

/** An ordinary user: the tests' own, or nobody where that is root. */
export async function ordinaryUser(): Promise<OrdinaryUser> {
  if (process.getuid?.() !== 0) return { program, ids: {} };
  const folder = await openFolder();
  for (const part of ["dist", "devices", "package.json"])
    await cp(fileURLToPath(new URL(`../../${part}`, import.meta.url)), join(folder, part), {
      recursive: true,
    });
  return { program: join(folder, "dist/sluicegate.js"), ids: { uid: 65_534, gid: 65_534 } };
}

/** A temporary folder that every user may write. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sluicegate-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o777);
  return folder;
}
