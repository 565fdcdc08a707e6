import { isLocked } from "../../../buffer/lock.ts";
import type { Check } from "../check.ts";
import { dataFolderOf } from "../data-folder.ts";
import { error, ok } from "../finding.ts";

export const bufferOwner: Check = {
  id: "buffer.owner",
  group: "buffer",
  asks: "whether the data folder belongs to the gateway that runs here, and to no other",
  explanation:
    "One process owns a data folder. Where somebody has it and no gateway of this configuration answers, another process has it under another configuration, or it hangs: a gateway that is started here ends with exit 75 until that one is stopped.",
  async run({ place, roles }) {
    const { names, refusal } = await roles();
    const data = dataFolderOf(await place());
    const isOwned = await isLocked(data);
    if (names.includes("gateway") || refusal !== undefined)
      return isOwned ? [ok(`${data} is this gateway's`)] : [];
    if (!isOwned) return [ok(`${data} is nobody's now`)];
    return [
      error({
        what: `a process has ${data}, and no gateway of this configuration answers`,
        why: "a gateway that is started here ends at once (exit 75)",
        next: `fuser ${data}/lock, or ps -ef | grep sluicegate; stop that process`,
      }),
    ];
  },
};
