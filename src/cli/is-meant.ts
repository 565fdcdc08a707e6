/** The question before something that cannot be taken back. */
import { createInterface } from "node:readline/promises";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { printAnswer } from "./print-answer.ts";

/** `--yes` and `--dry-run`, as commands that change something have them. */
export interface ChangeOptions {
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean;
  readonly output?: "text" | "json";
}

/**
 * True where it is to be done. `--dry-run` says `what` would be, and it is not; without a terminal to ask
 * at, only `--yes` does it, and all else throws `usage` before anything is changed.
 */
export async function isMeant(what: string, options: ChangeOptions): Promise<boolean> {
  if (options.dryRun) {
    printAnswer(options, "dry-run/1", { would: what }, () => [
      `would ${what}; nothing was changed`,
    ]);
    return false;
  }
  if (options.yes) return true;
  if (!process.stdin.isTTY)
    throw new GatewayError(
      "usage",
      `nothing was changed: add --yes to ${printable(what)} without a question`,
    );
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(`${printable(what)}? [y/N] `);
  asking.close();
  if (/^y(?:es)?$/i.test(answer.trim())) return true;
  process.stderr.write("nothing was changed\n");
  process.exitCode = 1;
  return false;
}
