import type { Check } from "../check.ts";
import { ok, warning } from "../finding.ts";

export const modbusMembers: Check = {
  id: "modbus.members",
  group: "inputs",
  asks: "whether the devices on each bus answer",
  explanation:
    "A device that does not answer costs its time-out in each round, and slows the others down. Look at its power, its address and the speed of the bus; one that is out for longer is better taken out of members. Where none answers, look at the wires: A and B changed, no termination, or another parity.",
  async run({ roles }) {
    const { gateway } = await roles();
    return (gateway?.sources ?? []).flatMap(({ members = [], name }) => {
      if (members.length === 0) return [];
      // One that was not heard yet may be asked for the first time just now; it does not answer either way.
      const away = members.filter(({ state }) => state !== "online");
      if (away.length === 0)
        return [
          ok(
            members.length === 1 ? "its device answers" : `all ${members.length} devices answer`,
            name,
          ),
        ];
      const words = away.slice(0, 5).map(({ device, trouble, unit }) => {
        return `${device} at ${unit}${trouble === undefined ? "" : ` (${trouble})`}`;
      });
      return [
        warning({
          about: name,
          what: `${away.length} of ${members.length} silent: ${words.join(", ")}`,
          why: "nothing is known of them, and each costs its time-out in every round",
          next: "look at power, address, speed and wires; sluicegate status has all of them",
        }),
      ];
    });
  },
};
