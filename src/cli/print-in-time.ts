import { once } from "node:events";

/** Prints a line on standard output, and waits where its reader is slower than we are. */
export async function printInTime(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
}
