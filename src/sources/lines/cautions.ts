/** What is right to be opened, and looks as if it will not do. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { LineOptions } from "./options.ts";

/** Speeds that devices have; 250,000 is that of DMX and of some boards. */
const usualBauds = new Set([
  300, 600, 1_200, 2_400, 4_800, 9_600, 14_400, 19_200, 28_800, 38_400, 57_600, 76_800, 115_200,
  230_400, 250_000, 256_000, 460_800, 500_000, 921_600, 1_000_000, 1_500_000, 2_000_000, 3_000_000,
]);

/** A sentence each, for the journal. `root` is that of the system. */
export async function cautions(
  realPath: string,
  { baud }: Pick<LineOptions, "baud">,
  root = "/",
): Promise<string[]> {
  const found = [];
  if (!usualBauds.has(baud))
    found.push(`${baud} baud is unusual: not every adapter can do it, and few say so`);
  const consoles = await readFile(join(root, "sys/class/tty/console/active"), "utf8").catch(
    () => "",
  );
  const name = basename(realPath);
  if (consoles.split(/\s+/).includes(name))
    found.push(
      `the system writes its own messages to ${name}, and a login may answer there: take console=${name} (or serial0) out of the kernel's command line and run systemctl disable --now serial-getty@${name}`,
    );
  return found;
}
