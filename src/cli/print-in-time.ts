import { once } from "node:events";

/**
 * Prints a line on standard output, and waits where its reader is slower than we are. A reader that is
 * gone is no failure of who prints: `survive-readers.ts` ends the command.
 */
export async function printInTime(line: string): Promise<void> {
  const { stdout } = process;
  if (!stdout.write(`${line}\n`) && !stdout.destroyed) await once(stdout, "drain").catch(() => {});
}
