import { counted } from "../../../core/counted.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";

export const bufferLosses: Check = {
  id: "buffer.losses",
  group: "buffer",
  asks: "whether events were given up for want of room, or lost by damage",
  explanation:
    "Each loss is declared in a gap event, which reaches the stream as events do: sluicegate events --kind gap shows which and why. Where room was short, give the buffer more (buffer.max_bytes), or bring the backbone back sooner.",
  async run({ roles }) {
    const { gateway } = await roles();
    if (!gateway) return [];
    const now = gateway.buffer.droppedRecords;
    const before = gateway.droppedBefore;
    if (now + before === 0) return [ok("nothing was lost")];
    const bad = {
      what: `${counted(now, "record")} lost in this run, ${before} in earlier ones`,
      why: "each is declared in a gap event; nobody gets them back",
      next: "sluicegate events --kind gap says which; buffer.max_bytes gives more room",
    };
    return [now > 0 ? error(bad) : warning(bad)];
  },
};
