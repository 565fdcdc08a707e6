/** What is wrong with the machine under a gateway, a line for each thing; none where all is well. */
import { counted } from "../core/counted.ts";
import { formatDuration } from "../core/duration.ts";
import { formatSize } from "../core/size.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";

export function boxLines({ box, buffer }: GatewayStatus, nowMs: number): readonly string[] {
  if (box === undefined) return [];
  const { freeBytes, isClockSet, isDiskSlow, isSpaceLow, lastStep } = box;
  const lines: string[] = [];
  if (isSpaceLow)
    lines.push(
      `Space     ${formatSize(freeBytes ?? 0)} free, and the buffer may grow by ${formatSize(buffer.maxBytes - buffer.sizeBytes)}`,
    );
  if (isDiskSlow)
    lines.push(
      `Disk      slow: a commit took ${formatDuration(buffer.slowestCommitMs ?? 0)}, devices wait so long`,
    );
  if (!isClockSet) lines.push("Clock     shows a time that cannot be: nothing sets it");
  if (lastStep)
    lines.push(
      `Clock     set ${counted(box.clockSteps, "time")}, last ${formatDuration(nowMs - lastStep.atMs)} ago by ${lastStep.ms < 0 ? "-" : "+"}${formatDuration(Math.abs(lastStep.ms))}`,
    );
  return lines;
}
