/** Does to a folder what the next start of its gateway and a first reader would do, and nothing else. */

import { counted } from "../../core/counted.ts";
import type { Origin } from "../../core/event.ts";
import { toSeq } from "../../core/ids.ts";
import type { RecordLog } from "../../core/record-log.ts";
import { CursorFile } from "../cursor.ts";
import { nodeDisk } from "../disk.ts";
import { lockFolder } from "../lock.ts";
import { openSegmentLog, type SegmentLogDeps } from "../open-segment-log.ts";
import { type BufferOptions, bufferOptions } from "../options.ts";
import type { Damage } from "./damage.ts";
import { type BufferFolder, nameOf } from "./open-buffer-folder.ts";
import type { VerifyReport } from "./verify-buffer.ts";

const tebibyte = 2 ** 40;
const readAtOnce = 1_000;

/** Room without end: a repair gives up nothing for want of space, age or confirmation. */
const roomyBuffer: BufferOptions = {
  ...bufferOptions.parse({}),
  max_bytes: tebibyte,
  min_free: 0,
  on_full: "refuse",
  hold_back: { time: 7 * 86_400_000, max_bytes: tebibyte },
};

/** What a repair would do, one sentence each; empty when there is nothing to do. */
export function planRepair(folder: BufferFolder, report: VerifyReport): readonly string[] {
  const { cursor, files } = folder;
  const confirmedSeq = cursor.confirmed?.seq ?? 0;
  const steps: string[] = [];
  for (const file of files) {
    const name = nameOf(file);
    const bad = report.damages.filter(
      (damage) => damage.file === name && isCutOut(damage, confirmedSeq),
    );
    for (const { bytes, offset } of bad)
      steps.push(`${name}: keep ${counted(bytes, "byte")} at ${offset} in quarantine`);
    switch (file.finding.kind) {
      case "open":
        steps.push(`${name}: close it with a footer behind its last whole record`);
        break;
      case "empty":
        steps.push(`${name}: delete it; nothing was ever written to it`);
        break;
      case "misnamed":
        steps.push(`${name}: give it its own name, or move it to quarantine if that is taken`);
        break;
      case "foreign":
      case "unreadable":
        steps.push(`${name}: move it to quarantine (${file.finding.kind})`);
        break;
      case "sealed":
      case "newer":
        break;
    }
  }
  if (isCursorDamaged(report))
    steps.push("cursor: write both copies again from the one that is whole");
  if (report.lostRecords > 0)
    steps.push(
      `declare ${counted(report.lostRecords, "record")} lost, in a gap event that travels as others do`,
    );
  return steps;
}

function isCursorDamaged({ damages }: VerifyReport): boolean {
  return damages.some(({ kind }) => kind === "cursor");
}

/** Damage within what the backbone has confirmed stays where it is: nothing is lost by it. */
function isCutOut({ bytes, declared, kind, lost }: Damage, confirmedSeq: number): boolean {
  if (lost !== undefined && lost.to <= confirmedSeq) return false;
  return bytes > 0 && !declared && ["payload", "forged", "record-header", "tail"].includes(kind);
}

/** What is damaged in a closed segment is found, set aside and declared by whoever reads it. */
async function readThrough(log: RecordLog): Promise<void> {
  const reader = await log.openReader(toSeq(0));
  while ((await reader.next(readAtOnce)).length > 0);
  await reader.close();
}

/** Each save writes one copy. */
async function restoreCursor({ gatewayHash, logFolder }: BufferFolder): Promise<void> {
  const cursor = new CursorFile(nodeDisk, logFolder, gatewayHash ?? "");
  await cursor.load();
  await cursor.save(cursor.saved);
  await cursor.save(cursor.saved);
  await cursor.close();
}

/** The process that repairs, as a gateway's own start would say it. */
export type RepairRun = Pick<SegmentLogDeps, "run" | "segmentUuid" | "bootId" | "clock" | "logger">;

/** Rejects with `buffer.locked` while a gateway owns the folder. */
export async function repairBuffer(
  folder: BufferFolder,
  report: VerifyReport,
  origin: Origin,
  repairRun: RepairRun,
): Promise<void> {
  const lock = await lockFolder(folder.dataFolder, `${process.pid}-${repairRun.run}`);
  try {
    const log = await openSegmentLog(roomyBuffer, {
      ...repairRun,
      folder: folder.logFolder,
      keys: folder.keys,
      origin,
      disk: nodeDisk,
      metrics: { counter: () => ({ add() {} }), gauge: () => ({ set() {} }) },
    });
    await readThrough(log);
    await log.close();
    if (isCursorDamaged(report)) await restoreCursor(folder);
  } finally {
    await lock.release();
  }
}
