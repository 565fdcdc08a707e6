import { isLocked } from "../../../buffer/lock.ts";
import { describeDamage } from "../../../buffer/tools/damage.ts";
import type { BufferFolder } from "../../../buffer/tools/open-buffer-folder.ts";
import { verifyBuffer } from "../../../buffer/tools/verify-buffer.ts";
import { counted } from "../../../core/counted.ts";
import { formatSize } from "../../../core/size.ts";
import type { Check } from "../check.ts";
import { error, ok } from "../finding.ts";

/** What any disk reads in the time of a check. */
const mostBytes = 64 * 2 ** 20;

export const bufferVerify: Check = {
  id: "buffer.verify",
  group: "buffer",
  asks: "whether the newest records on disk are as they were written",
  explanation:
    "Each record has a checksum. What is damaged is set aside by the gateway when it comes to it, and declared in a gap event; this check finds it before. It reads the newest 64 MiB and changes nothing; sluicegate buffer verify reads all. Damage comes from the medium: look at its wear, and replace it.",
  async run({ buffer }) {
    const folder = await buffer();
    const first = firstOf(folder);
    const report = await verifyBuffer(folder, await isLocked(folder.dataFolder), first);
    const { bytes, damages, moreDamages, records, segments } = report;
    const rest = first > 0 ? `, the newest ${segments} of ${folder.files.length} segments` : "";
    const [worst] = damages.filter(({ declared, kind }) => !declared && kind !== "cursor");
    if (!worst)
      return [ok(`${counted(records, "record")} in ${formatSize(bytes)}, checksums good${rest}`)];
    const more = damages.length + moreDamages - 1;
    return [
      error({
        what: `${describeDamage(worst)}${more > 0 ? `, and ${more} more` : ""}`,
        why: "records are lost; the gateway declares them when it comes to them",
        next: "sluicegate buffer verify shows all; replace the disk or the card",
      }),
    ];
  },
};

function firstOf({ files }: BufferFolder): number {
  let bytes = 0;
  let first = files.length;
  while (first > 0 && (bytes === 0 || bytes + (files[first - 1]?.fileBytes ?? 0) <= mostBytes)) {
    first -= 1;
    bytes += files[first]?.fileBytes ?? 0;
  }
  return first;
}
