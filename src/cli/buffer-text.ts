/** Buffers as people read them. */
import { describeDamage } from "../app/buffer-folder/damage.ts";
import type {
  BufferReport,
  RecordsPerClass,
  SegmentReport,
} from "../app/buffer-folder/show-buffer.ts";
import type { VerifyReport } from "../app/buffer-folder/verify-buffer.ts";
import { formatDuration } from "../core/duration.ts";
import { formatSize } from "../core/size.ts";

/** More lines of one sort than this are only counted. */
const mostLines = 20;

/** One screen. */
export function describeBuffer(report: BufferReport, nowMs: number): string {
  const { confirmed, gaps, identities, quarantine, runs, segments } = report;
  const last = segments.at(-1)?.lastSeq ?? 0;
  const first = segments.find(({ firstSeq }) => firstSeq !== undefined)?.firstSeq ?? 0;
  const lost = gaps.reduce((sum, { count }) => sum + count, 0);
  return [
    `${report.folder}   ${report.locked ? "a running gateway has it" : "nobody has it"}`,
    `Records     ${first} to ${last}   ${describeRecords(report.records)}   ${formatSize(report.bytes)}`,
    confirmed
      ? `Confirmed   ${confirmed.run}.${confirmed.seq} as message ${confirmed.streamSeq} of the stream; ${report.waitingRecords} wait behind it`
      : `Confirmed   nothing; ${report.waitingRecords} wait`,
    ...(report.settledSeq === undefined
      ? []
      : [`Settled     up to ${report.settledSeq}: past its hold-back, may be deleted`]),
    `Identities  ${identities.messages} messages of ${identities.devices} devices`,
    `Lost        ${lost} records, declared by ${gaps.length} ranges in gap events`,
    `Quarantine  ${quarantine.files} files   ${formatSize(quarantine.bytes)}`,
    "",
    ...shorten(
      runs.map(
        (run) => `run ${run.run}   ${run.firstSeq} to ${run.lastSeq}   ${run.records} records`,
      ),
    ),
    "",
    ...shorten(segments.map((segment) => describeSegment(segment, nowMs))),
    "",
  ].join("\n");
}

/** The damage, then one line that sums up. */
export function describeVerify({
  bytes,
  damages,
  lostRecords,
  moreDamages,
  records,
  segments,
}: VerifyReport): string {
  const more = moreDamages > 0 ? [`and ${moreDamages} more places`] : [];
  const found = damages.length + moreDamages;
  const verdict =
    found === 0
      ? "checksums good"
      : `${found} damaged ${found === 1 ? "place" : "places"}, ${lostRecords} records lost that no gap event declares`;
  return [
    ...damages.map(describeDamage),
    ...more,
    `${records} records in ${segments} segments, ${formatSize(bytes)}: ${verdict}`,
    "",
  ].join("\n");
}

function describeSegment(segment: SegmentReport, nowMs: number): string {
  const { bytes, file, firstSeq, lastMs, lastSeq, records, run, state } = segment;
  const held =
    records && lastMs !== undefined
      ? `   ${run}   ${firstSeq} to ${lastSeq}   ${describeRecords(records)}   last ${formatDuration(nowMs - lastMs)} ago`
      : "";
  return `${file}   ${state}   ${formatSize(bytes)}${held}`;
}

function describeRecords({ alarm, state, telemetry }: RecordsPerClass): string {
  return `telemetry ${telemetry}, state ${state}, alarm ${alarm}`;
}

/** The first and the last lines, and how many lie between. */
function shorten(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostLines) return lines;
  const half = mostLines / 2;
  return [...lines.slice(0, half), `... ${lines.length - mostLines} more`, ...lines.slice(-half)];
}
