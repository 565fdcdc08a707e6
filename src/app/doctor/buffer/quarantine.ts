import { isLocked } from "../../../buffer/lock.ts";
import { showBuffer } from "../../../buffer/tools/show-buffer.ts";
import { counted } from "../../../core/counted.ts";
import { formatSize } from "../../../core/size.ts";
import type { Check } from "../check.ts";
import { ok, warning } from "../finding.ts";

export const bufferQuarantine: Check = {
  id: "buffer.quarantine",
  group: "buffer",
  asks: "whether something on disk was set aside as damaged",
  explanation:
    "Bytes that are no whole record, and segments of others, are moved into the folder quarantine instead of being deleted, so that people can look at them. What was lost with them is declared in gap events. Keep a copy for whoever looks into it, then delete the folder's files; they are of no use to the gateway.",
  async run({ buffer }) {
    const folder = await buffer();
    const { quarantine } = await showBuffer(folder, await isLocked(folder.dataFolder));
    if (quarantine.files === 0) return [ok("nothing was set aside")];
    return [
      warning({
        what: `${counted(quarantine.files, "piece")} of ${formatSize(quarantine.bytes)} set aside`,
        why: "the disk gave back something else than was written; what was lost is declared",
        next: `ls -l ${folder.logFolder}/quarantine; look at the wear of the disk`,
      }),
    ];
  },
};
