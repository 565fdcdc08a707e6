import { pluggedPorts } from "../../../sources/lines/plugged-ports.ts";
import type { Check } from "../check.ts";
import { ok, warning } from "../finding.ts";
import { nameOf, serialLinesOf } from "./serial-lines.ts";

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
    return lines.map((line) => {
      const about = nameOf(line);
      if (line.path === undefined || !counting.test(line.path))
        return ok("its name stays the same", about);
      const byId = ports.find(({ path }) => path === line.path)?.byId;
      return warning({
        about,
        what: "its name is given in the order of plugging",
        why: "after a restart another device may have it",
        next: `write path: ${byId ?? "/dev/serial/by-id/... (sluicegate ports ls shows it)"}`,
      });
    });
  },
};
