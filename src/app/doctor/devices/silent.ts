import { counted } from "../../../core/counted.ts";
import type { Check } from "../check.ts";
import { ok, warning } from "../finding.ts";

export const devicesSilent: Check = {
  id: "devices.silent",
  group: "devices",
  asks: "whether devices are heard, and whether their clocks and values can be believed",
  explanation:
    "Silent: nothing came for longer than its profile expects. Clock suspect: what it says of the time cannot be. Bad quality: it marks its own values as bad, or they are out of what the quantity can have. sluicegate devices ls --state silent names them, devices show tells why.",
  async run({ roles }) {
    const { gateway } = await roles();
    if (!gateway?.deviceStates) return [];
    const { never = 0, ok: well = 0, ...others } = gateway.deviceStates;
    const bad = Object.entries(others).filter(([, count]) => count > 0);
    const waiting = never > 0 ? `, ${never} never heard yet` : "";
    if (bad.length === 0) return [ok(`${counted(well, "device")} well${waiting}`)];
    const words = bad.map(([state, count]) => `${count} ${state.replace("-", " ")}`);
    return [
      warning({
        what: `${words.join(", ")} of ${counted(gateway.devices, "device")}${waiting}`,
        why: "what they say is missing, or cannot be believed",
        next: bad.map(([state]) => `sluicegate devices ls --state ${state}`).join("; "),
      }),
    ];
  },
};
