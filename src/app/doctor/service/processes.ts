import { access } from "node:fs/promises";
import type { Check, DoctorSurroundings } from "../check.ts";
import { dataFolderOf } from "../data-folder.ts";
import { error, ok, skipped, warning } from "../finding.ts";
import { readUnits } from "./units.ts";

export const processes: Check = {
  id: "service.processes",
  group: "service",
  asks: "which roles run here, and whether they answer",
  explanation:
    "Each process answers on its status socket. Where none does, nothing is taken from devices, or the socket belongs to another user: read the journal, start the service, or look as the user (or a member of the group) of the service.",
  async run(around) {
    const { names, refusal, version } = await around.roles();
    if (names.length > 0) return [ok(`${names.join(", ")} (version ${version})`)];
    if (refusal !== undefined)
      return [
        warning({
          what: refusal,
          why: "how the running processes are is not known to this user; much is not looked at",
          next: "run it as the user of the service: sudo sluicegate doctor",
        }),
      ];
    if (!(await wasStarted(around))) return [skipped("not started yet: sluicegate up starts it")];
    return [
      error({
        what: "no process of this configuration answers",
        why: "nothing is taken from devices, and nothing is sent",
        next: "sluicegate up; where it is a service: systemctl status 'sluicegate*', journalctl -u 'sluicegate*' -n 50",
      }),
    ];
  },
};

/** Whoever has not begun yet misses nothing; a data folder, or a service that is enabled, is a beginning. */
async function wasStarted(around: DoctorSurroundings): Promise<boolean> {
  const hasData = await access(dataFolderOf(await around.place())).then(
    () => true,
    () => false,
  );
  if (hasData) return true;
  const units = (await readUnits(around)) ?? [];
  return units.some(({ facts }) => facts.get("UnitFileState") === "enabled");
}
