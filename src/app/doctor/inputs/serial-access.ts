import { access, constants, realpath } from "node:fs/promises";
import { GatewayError } from "../../../core/errors.ts";
import { systemCode, systemReason } from "../../../core/system-reason.ts";
import { lockHolder } from "../../../sources/lines/lock-holder.ts";
import { openFailure } from "../../../sources/lines/port-failure.ts";
import type { Check, DoctorSurroundings } from "../check.ts";
import { error, type Finding, ok } from "../finding.ts";
import { nameOf, pathOf, serialLinesOf } from "./serial-lines.ts";

export const serialAccess: Check = {
  id: "serial.access",
  group: "inputs",
  asks: "whether each serial port is plugged in, may be opened, and is nobody else's",
  explanation:
    "The port is not opened: whoever reads there would lose bytes. Not there: it is unplugged, or has another name today (sluicegate ports ls). No permission: the user of the service is not in the group of the port, mostly dialout. In use: ModemManager, a terminal program or another gateway has it.",
  async run(around) {
    const lines = serialLinesOf(await around.place());
    const { pid } = await around.roles();
    return Promise.all(lines.map((line) => judge(line, pid, around)));
  },
};

async function judge(
  line: Parameters<typeof pathOf>[0],
  ownPid: number | undefined,
  { root }: DoctorSurroundings,
): Promise<Finding> {
  const about = nameOf(line);
  const why = "nothing comes in from the device behind it";
  try {
    const path = await pathOf(line, root);
    const real = await realpath(path);
    const holder = await lockHolder(real, root);
    const isOurs = ownPid !== undefined && holder?.includes(`(process ${ownPid})`) === true;
    if (holder !== undefined && !isOurs)
      return error({
        about,
        what: `in use by ${holder}`,
        why,
        next: "stop that program, such as systemctl disable --now ModemManager",
      });
    await access(real, constants.R_OK | constants.W_OK);
    return ok(isOurs ? `${real}, which the gateway reads` : `${real} may be opened`, about);
  } catch (thrown) {
    const isDenied = systemCode(thrown) === "EACCES";
    const failure =
      thrown instanceof GatewayError
        ? thrown
        : isDenied
          ? await openFailure(about, new Error("Permission denied"))
          : undefined;
    return error({
      about,
      what: failure?.message ?? systemReason(thrown),
      why,
      next: isDenied
        ? "sudo usermod -aG dialout sluicegate, and start the service again"
        : "sluicegate ports ls shows what is plugged in",
    });
  }
}
