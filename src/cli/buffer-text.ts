/** Buffers as people read them. */

import { describeDamage } from "../buffer/tools/damage.ts";
import type { BufferReport, RecordsPerClass, SegmentReport } from "../buffer/tools/show-buffer.ts";
import type { VerifyReport } from "../buffer/tools/verify-buffer.ts";
import { counted } from "../core/counted.ts";
import { formatDuration } from "../core/duration.ts";
import { printable } from "../core/printable.ts";
import { formatSize } from "../core/size.ts";

/** More lines of one sort than this are only counted. */
const mostLines = 20;

/** One screen. */
export function describeBuffer(report: BufferReport, nowMs: number): string {
  const { confirmed, gaps, identities, quarantine, runs, segments } = report;
  const [first] = runs;
  const last = runs.at(-1);
  const range = first && last ? `${first.firstSeq} to ${last.lastSeq}` : "none";
  const lost = gaps.reduce((sum, { count }) => sum + count, 0);
  return [
    `${report.folder}   ${report.locked ? "a running gateway has it" : "nobody has it"}`,
    `Records     ${range}   ${describeRecords(report.records)}   ${formatSize(report.bytes)}`,
    confirmed
      ? `Confirmed   ${confirmed.run}.${confirmed.seq} as message ${confirmed.streamSeq} of the stream; ${report.waitingRecords} wait behind it`
      : `Confirmed   nothing; ${report.waitingRecords} wait`,
    ...(report.settledSeq === undefined
      ? []
      : [`Settled     up to ${report.settledSeq}: past its hold-back, may be deleted`]),
    `Identities  ${identities.messages} messages of ${identities.devices} devices`,
    `Lost        ${counted(lost, "record")}, declared by ${counted(gaps.length, "range")} in gap events`,
    ...describeKeys(report),
    `Quarantine  ${counted(quarantine.files, "file")}   ${formatSize(quarantine.bytes)}`,
    "",
    ...shorten(
      runs.map(
        (run) =>
          `run ${run.run}   ${run.firstSeq} to ${run.lastSeq}   ${counted(run.records, "record")}`,
      ),
    ),
    "",
    ...shorten(segments.map((segment) => describeSegment(segment, nowMs))).flatMap((segment) =>
      segment.split("\n"),
    ),
    "",
  ]
    .map(printable)
    .join("\n");
}

/** Which keys must be kept, and what is not encrypted. */
function describeKeys({ keys, segments }: BufferReport): readonly string[] {
  if (keys.length === 0) return [];
  const used = keys.map(({ current, id, missing, segments: count }) => {
    const use = current ? "new records take it" : "a former key, still needed";
    const found = missing ? "needed, and not here" : use;
    return `key ${id}: ${counted(count, "segment")}, ${found}`;
  });
  const plain = segments.filter(({ key, records }) => records !== undefined && key === undefined);
  const rest = plain.length > 0 ? [`${counted(plain.length, "segment")} not encrypted`] : [];
  return [`Encryption  ${[...used, ...rest].join("; ")}`];
}

/** The damage, then one line that sums up. */
export function describeVerify({
  bytes,
  damages,
  lostRecords,
  missingKeys,
  moreDamages,
  records,
  segments,
}: VerifyReport): string {
  const more = moreDamages > 0 ? [`and ${counted(moreDamages, "more place")}`] : [];
  const found = damages.length + moreDamages;
  const verdict =
    found === 0
      ? "checksums good"
      : `${counted(found, "damaged place")}, ${counted(lostRecords, "record")} lost that no gap event declares`;
  const unread = missingKeys.map(
    (id) => `key ${id} is not here: of its records only checksums count`,
  );
  return [
    ...damages.map(describeDamage),
    ...more,
    ...unread,
    `${counted(records, "record")} in ${counted(segments, "segment")}, ${formatSize(bytes)}: ${verdict}`,
    "",
  ]
    .map(printable)
    .join("\n");
}

function describeSegment(segment: SegmentReport, nowMs: number): string {
  const { bytes, file, firstSeq, lastMs, lastSeq, records, run, sparse, state } = segment;
  const held =
    records && lastMs !== undefined
      ? `   ${run}   ${firstSeq} to ${lastSeq}\n    ${describeRecords(records)}   last ${formatDuration(nowMs - lastMs)} ago`
      : "";
  return `${file}   ${state}${sparse ? ", without some classes" : ""}   ${formatSize(bytes)}${held}`;
}

function describeRecords({ alarm, rejection, state, telemetry }: RecordsPerClass): string {
  return `rejection ${rejection}, telemetry ${telemetry}, state ${state}, alarm ${alarm}`;
}

/** The first and the last lines, and how many lie between. */
function shorten(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostLines) return lines;
  const half = mostLines / 2;
  return [...lines.slice(0, half), `... ${lines.length - mostLines} more`, ...lines.slice(-half)];
}
