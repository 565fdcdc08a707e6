import { counted } from "../../../core/counted.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";
import { readUnits } from "./units.ts";

const often = 5;

export const serviceRestarts: Check = {
  id: "service.restarts",
  group: "service",
  asks: "whether services were started again by themselves",
  explanation:
    "systemd starts a service again that ended by a fault, and counts that since it was last started by hand. Each time devices are without their gateway for seconds; what was acknowledged is safe. The journal says why it ended: journalctl -u NAME --since -1h, and dmesg whether memory ran out.",
  async run(around) {
    const units = (await readUnits(around)) ?? [];
    return units.map(({ facts, name: about }) => {
      const restarts = Number(facts.get("NRestarts") ?? 0);
      if (!(restarts > 0)) return ok("never started again by itself", about);
      const bad = {
        about,
        what: `started again by itself ${counted(restarts, "time")}, the last time ${facts.get("ExecMainStartTimestamp")}`,
        why: "each time devices wait for seconds",
        next: `journalctl -u ${about} -p warning -n 50 says why it ended`,
      };
      return restarts >= often ? error(bad) : warning(bad);
    });
  },
};
