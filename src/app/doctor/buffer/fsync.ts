import { open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { systemCode, systemReason } from "../../../core/system-reason.ts";
import type { Check, DoctorSurroundings } from "../check.ts";
import { dataFolderOf, nearestFolder } from "../data-folder.ts";
import { error, ok, skipped, warning } from "../finding.ts";

const blockBytes = 512;
const mostSyncs = 64;
const longestMs = 500;
/** Slower than the slowest memory cards that are sold for it. */
const fewPerSecond = 5;
const tooFewPerSecond = 0.5;
/** Events that share a sync when many come at once. */
const batch = 64;

export const bufferFsync: Check = {
  id: "buffer.fsync",
  group: "buffer",
  asks: "how often a second the disk can promise that something stays",
  explanation:
    "A message is acknowledged when it is on the medium, so the disk decides how many devices can be served one by one. It is measured with a file that has no name, beside the buffer, for half a second at most. A card that became slow is often about to fail: look at its wear, or replace it. buffer.commit_delay lets more events share a sync.",
  async run(around) {
    const folder = await nearestFolder(dataFolderOf(await around.place()));
    try {
      return [judge(await syncsPerSecond(folder, around))];
    } catch (thrown) {
      const code = systemCode(thrown);
      if (code === "EACCES" || code === "EPERM")
        return [skipped(`this user may not write at ${folder}`)];
      return [
        error({
          what: `cannot write at ${folder}: ${systemReason(thrown)}`,
          why: "nothing can be acknowledged there",
          next: `mount | grep ' on ', df -h ${folder}, dmesg | tail`,
        }),
      ];
    }
  },
};

function judge(perSecond: number) {
  const rate = perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond));
  const what = `${rate} syncs/s: up to ${Math.round(perSecond * batch)} events/s in batches of ${batch}`;
  if (perSecond >= fewPerSecond) return ok(what);
  const bad = {
    what,
    why: "each device waits so long for its acknowledgement",
    next: "see what else writes (iostat -x 1), look at the wear of the card, or raise buffer.commit_delay",
  };
  return perSecond < tooFewPerSecond ? error(bad) : warning(bad);
}

/** With a file that nobody sees, and of which nothing is left, however this ends. */
async function syncsPerSecond(
  folder: string,
  { clock, signal }: DoctorSurroundings,
): Promise<number> {
  const path = join(folder, `.doctor-${process.pid}-${clock.wallMs()}`);
  const file = await open(path, "wx", 0o600);
  try {
    await unlink(path);
    const block = Buffer.alloc(blockBytes, "doctor ");
    const beganMs = clock.monotonicMs();
    let syncs = 0;
    let tookMs = 0;
    while (syncs < mostSyncs && tookMs < longestMs && !signal.aborted) {
      await file.write(block, 0, blockBytes, syncs * blockBytes);
      await file.datasync();
      syncs += 1;
      tookMs = clock.monotonicMs() - beganMs;
    }
    return (1_000 * syncs) / Math.max(tookMs, 1);
  } finally {
    await file.close();
  }
}
