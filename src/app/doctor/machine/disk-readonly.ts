import { realpath } from "node:fs/promises";
import type { Check } from "../check.ts";
import { dataFolderOf, nearestFolder } from "../data-folder.ts";
import { error, ok, skipped } from "../finding.ts";
import { systemText } from "../system-text.ts";

export const diskReadonly: Check = {
  id: "disk.readonly",
  group: "machine",
  asks: "whether the volume of the data folder takes changes",
  explanation:
    "The system makes a volume read-only after errors of the medium, mostly of a memory card at the end of its life. The gateway goes on to send what it has and answers no device any more. Look at dmesg, make a copy of the data folder (sluicegate buffer export), and replace the card.",
  async run(around) {
    const path = await realpath(await nearestFolder(dataFolderOf(await around.place())));
    const table = await systemText(around, "proc/self/mountinfo");
    if (table === undefined) return [skipped("the system does not tell how volumes are mounted")];
    const mounts = table.split("\n").flatMap((line) => {
      const [, , , , place = "", options = ""] = line.split(" ");
      const source = / - (\S+) (\S+) (\S+)/.exec(line)?.[3] ?? "";
      const mounted = place.replaceAll("\\040", " ");
      const isAbove = `${path}/`.startsWith(mounted === "/" ? "/" : `${mounted}/`);
      return isAbove && mounted !== ""
        ? [{ mounted, flags: `${options},${source}`.split(",") }]
        : [];
    });
    // Of two at one place the later counts.
    const mount = mounts.findLast(
      ({ mounted }) => mounted.length === Math.max(...mounts.map((one) => one.mounted.length)),
    );
    if (!mount?.flags.includes("ro")) return [ok(`${path} can be written`)];
    return [
      error({
        what: `the volume at ${mount.mounted} is read-only`,
        why: "nothing can be made durable there, so devices are not answered",
        next: "dmesg | tail -50; then mount -o remount,rw, or replace the card",
      }),
    ];
  },
};
