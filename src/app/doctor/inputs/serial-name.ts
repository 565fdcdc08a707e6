import { readlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { pluggedPorts } from "../../../sources/lines/plugged-ports.ts";
import type { Check } from "../check.ts";
import { ok, warning } from "../finding.ts";
import { nameOf, serialLinesOf } from "./serial-lines.ts";

const byId = /^\/dev\/serial\/by-id\//;
const counting = /^\/dev\/tty(?:USB|ACM)\d+$/;

export const serialName: Check = {
  id: "serial.name",
  group: "inputs",
  asks: "whether serial ports are named by what stays the same",
  explanation:
    "ttyUSB0 and ttyUSB1 are given in the order in which the system finds devices: after a restart or another plug, two meters can have changed places. Names below /dev/serial/by-id stay with the adapter; adapters without a serial number can be told apart by /dev/serial/by-path only.",
  async run({ place, root }) {
    const lines = serialLinesOf(await place());
    const ports = await pluggedPorts(root);
    const judged = lines.map(async (line) => {
      const about = nameOf(line);
      const { path = "" } = line;
      const target = await readlink(join(root, path)).catch(() => path);
      const port = ports.find((one) => basename(one.path) === basename(target));
      const isShared = byId.test(path) && port !== undefined && port.byId === undefined;
      if (!isShared && !counting.test(path)) return ok("its name stays the same", about);
      const better = port?.byId ?? port?.byPath;
      return warning({
        about,
        what: isShared
          ? "another adapter has the same name, since neither has a serial number of its own"
          : "its name is given in the order of plugging",
        why: "after a restart another device may have it",
        next: `write path: ${better ?? "/dev/serial/by-id/... (sluicegate ports ls shows it)"}`,
      });
    });
    return Promise.all(judged);
  },
};
