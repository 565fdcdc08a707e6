import type { Check } from "../check.ts";
import { ok, warning } from "../finding.ts";
import { readUnits } from "./units.ts";

export const serviceWatchdog: Check = {
  id: "service.watchdog",
  group: "service",
  asks: "whether a service that hangs is ended and started again",
  explanation:
    "With WatchdogSec= in the unit, systemd hears from the process that it works, and starts it anew where it does not. Without it a process that hangs is found by people only. The unit that comes with the program has it; look for a drop-in that takes it away: systemctl cat NAME.",
  async run(around) {
    const units = (await readUnits(around)) ?? [];
    return units.flatMap(({ facts, name: about }) => {
      if (facts.get("ActiveState") !== "active") return [];
      const time = facts.get("WatchdogUSec") ?? "0";
      if (time !== "0" && time !== "infinity") return [ok(`after ${time} without a word`, about)];
      return [
        warning({
          about,
          what: "no watchdog",
          why: "a process that hangs is found by people only",
          next: `sudo systemctl edit ${about}: [Service] WatchdogSec=30`,
        }),
      ];
    });
  },
};
