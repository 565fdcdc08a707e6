import { counted } from "../../../core/counted.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";

export const sourceHolding: Check = {
  id: "source.holding",
  group: "inputs",
  asks: "whether sources take what devices send",
  explanation:
    "A source that holds back waits for the disk: devices are not answered until it takes something again. Clients and messages that were refused are counted by reason; sluicegate status says which limit it was and who met it last.",
  async run({ roles }) {
    const { gateway } = await roles();
    return (gateway?.sources ?? []).map(({ holding, name, refusals = [] }) => {
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
        why: "somebody could not say what it wanted to",
        next: "sluicegate status says who and which limit",
      });
    });
  },
};
