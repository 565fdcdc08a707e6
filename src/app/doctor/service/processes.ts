import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";

export const processes: Check = {
  id: "service.processes",
  group: "service",
  asks: "which roles run here, and whether they answer",
  explanation:
    "Each process answers on its status socket. Where none does, nothing is taken from devices, or the socket belongs to another user: read the journal, start the service, or look as the user (or a member of the group) of the service.",
  async run({ roles }) {
    const { names, refusal, version } = await roles();
    if (names.length > 0) return [ok(`${names.join(", ")} (version ${version})`)];
    if (refusal !== undefined)
      return [
        warning({
          what: refusal,
          why: "how the running processes are is not known to this user; much is not looked at",
          next: "run it as the user of the service: sudo sluicegate doctor",
        }),
      ];
    return [
      error({
        what: "no process of this configuration answers",
        why: "nothing is taken from devices, and nothing is sent",
        next: "sluicegate up; where it is a service: systemctl status 'sluicegate*', journalctl -u 'sluicegate*' -n 50",
      }),
    ];
  },
};
