import { counted } from "../../../core/counted.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";

const manyPart = 0.1;
const fewest = 100;

export const deadLetters: Check = {
  id: "devices.dead_letters",
  group: "devices",
  asks: "how many messages no profile could read",
  explanation:
    "A message that does not fit is kept, with the reason. sluicegate dlq ls groups them, dlq try shows what the profiles make of them now, and dlq reprocess stores them after all when a profile is mended. Many at once often mean a new firmware of a device.",
  async run({ roles }) {
    const { gateway } = await roles();
    if (!gateway) return [];
    const { received, rejected } = gateway.flow;
    const what = `${counted(rejected, "message")} rejected of ${received} since the start`;
    if (rejected === 0) return [ok(what)];
    const bad = {
      what,
      why: "they are kept, and are no events until a profile reads them",
      next: "sluicegate dlq ls",
    };
    return [rejected >= fewest && rejected > manyPart * received ? error(bad) : warning(bad)];
  },
};
