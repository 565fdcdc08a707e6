/** The bundle as people call it: a command line in, an exit status and two texts out. */
import { chmod, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { program } from "./gateway-program.ts";
import { type Ended, type RunOptions, runToEnd } from "./run-to-end.ts";

export interface CommandOptions extends Pick<RunOptions, "env" | "input"> {
  readonly cwd: string;
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
  { user = { program, ids: {} }, ...options }: CommandOptions,
): Promise<Ended> {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  return runToEnd(args, { ...options, ...user, signal: over.signal });
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
