import { counted } from "../../../core/counted.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";

export const sourceHolding: Check = {
  id: "source.holding",
  group: "inputs",
  asks: "whether sources are connected, and take what devices send",
  explanation:
    "A source without its line or its broker hears nothing; it is tried again until it is there. One that holds back waits for the disk: devices are not answered until it takes something again. Clients and messages that were refused are counted by reason; sluicegate status says which limit it was and who met it last.",
  async run({ roles }) {
    const { gateway } = await roles();
    return (gateway?.sources ?? []).map(({ holding, link, name, refusals = [] }) => {
      if (link?.isConnected === false)
        return error({
          about: name,
          what: `no connection${link.reason === undefined ? "" : `: ${link.reason}`}`,
          why: "nothing comes in by it; it is tried again by itself",
          next: "mend what is behind it, or its address under sources:, then sluicegate status",
        });
      if (holding)
        return error({
          about: name,
          what: "it holds its devices back",
          why: "too much waits for the disk; devices are not answered",
          next: "sluicegate doctor --only buffer.fsync,buffer.full",
        });
      const refused = refusals.reduce((sum, { count }) => sum + count, 0);
      const [last] = refusals;
      if (!last) return ok("takes what comes", name);
      return warning({
        about: name,
        what: `refused ${counted(refused, "time")} since the start; last: ${last.what} (${last.reason})`,
        why: "what was said then did not arrive as it was meant",
        next: "sluicegate status says who and why",
      });
    });
  },
};
