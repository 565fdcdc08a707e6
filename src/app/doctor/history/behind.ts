import { counted } from "../../../core/counted.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";

/** A historian that catches up is never far behind for long. */
const farBehind = 100_000;

export const historyBehind: Check = {
  id: "history.behind",
  group: "history",
  asks: "whether history is written, and how far it is behind",
  explanation:
    "The historian reads the streams and writes at its own pace. Far behind: the database is slow, or the historian was away for long; what expires in a stream before it is read is missing in the history. Refused points are set aside: sluicegate history refused shows them, history retry writes them again.",
  async run({ roles }) {
    const { historian } = await roles();
    if (!historian || historian.standby) return [];
    const behind = historian.gateways.reduce((sum, gateway) => sum + gateway.behind, 0);
    if (historian.failing)
      return [
        error({
          what: `${historian.failing.reason}; ${counted(behind, "event")} behind`,
          why: "history is not written now",
          next: "sluicegate doctor --only history.database",
        }),
      ];
    if (behind > farBehind || historian.refused > 0)
      return [
        warning({
          what: `${counted(behind, "event")} behind, ${counted(historian.refused, "point")} refused`,
          why: "charts lack what is not written yet, and what was refused",
          next: "sluicegate history refused; sluicegate status shows how it goes on",
        }),
      ];
    return [ok(`${counted(behind, "event")} behind`)];
  },
};
