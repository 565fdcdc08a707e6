import type { Check } from "../check.ts";
import { error } from "../finding.ts";

export const fleetChange: Check = {
  id: "config.change",
  group: "files",
  asks: "whether a change of the fleet was cut off in the middle",
  explanation:
    "fleet apply replaces files one by one. Where the power goes meanwhile, some are of the new version and some of the one before, which nobody validated together. What runs goes on with what it read before, a start takes them as they are and says so, and the next call of fleet undoes the change.",
  async run({ configPath, load }) {
    const { faults } = await load();
    const fault = faults.find(({ code }) => code === "config.half-changed");
    if (!fault) return [];
    return [
      error({
        what: fault.message,
        why: "what a start reads now is what nobody wrote, and no reload takes it",
        next: `sluicegate fleet apply --rollback --yes --config ${configPath}`,
      }),
    ];
  },
};
