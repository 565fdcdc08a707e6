/** What is in a buffer, from headers, footers and the cursor; only unclosed segments are read. */
import { join } from "node:path";
import type { GapRange } from "../../core/event.ts";
import type { RunId } from "../../core/ids.ts";
import type { StreamPosition } from "../../core/log-accounts.ts";
import { formatKeyId } from "../encryption/key-ring.ts";
import { openSection } from "../encryption/seal.ts";
import { isMissing } from "../files/disk-errors.ts";
import { readPart } from "../files/read-part.ts";
import { scanSegment } from "../files/scan.ts";
import { withFile } from "../files/with-file.ts";
import type { PerClass, Tally } from "../format/tally.ts";
import { countIdentities } from "../known-messages.ts";
import { quarantineFolderName, quarantineManifestName } from "../losses/quarantine.ts";
import { type FoundFile, supersededFrom } from "../recovery/find-files.ts";
import { type KeyInUse, keysInUse } from "./keys-in-use.ts";
import { type BufferFolder, nameOf } from "./open-buffer-folder.ts";

export interface SegmentReport {
  readonly file: string;
  /** `sealed`, `open`, `empty`, `foreign`, `unreadable`. */
  readonly state: string;
  readonly bytes: number;
  /** Some of its classes were given up. */
  readonly sparse?: boolean;
  /** Which key its records take; not there where they are not encrypted. */
  readonly key?: string;
  readonly run?: RunId;
  readonly firstSeq?: number;
  readonly lastSeq?: number;
  readonly records?: RecordsPerClass;
  /** When its first and last record were appended, wall clock. */
  readonly firstMs?: number;
  readonly lastMs?: number;
}

export interface RecordsPerClass {
  readonly rejection: number;
  readonly telemetry: number;
  readonly state: number;
  readonly alarm: number;
}

export interface RunReport {
  readonly run: RunId;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly records: number;
}

export interface BufferReport {
  readonly schema: "sluicegate.buffer/1";
  readonly folder: string;
  /** FNV-1a of the gateway's id. */
  readonly gatewayHash: string | undefined;
  /** A living process owns the folder. */
  readonly locked: boolean;
  readonly segments: readonly SegmentReport[];
  readonly runs: readonly RunReport[];
  readonly records: RecordsPerClass;
  readonly bytes: number;
  readonly confirmed: StreamPosition | undefined;
  /**
   * Up to here it is past its hold-back and may be deleted. Only a running gateway knows: a start
   * holds everything back anew.
   */
  readonly settledSeq: number | undefined;
  /** Records behind what is confirmed, at most: damaged ones are counted too. */
  readonly waitingRecords: number;
  /** Losses that gap events in the log declare. */
  readonly gaps: readonly GapRange[];
  /** What its segments are encrypted with; none where they are not. */
  readonly keys: readonly KeyInUse[];
  /** Messages by which resends are recognized; 0 where the key is missing. */
  readonly identities: { readonly devices: number; readonly messages: number };
  readonly quarantine: { readonly files: number; readonly bytes: number };
}

/** `settledSeq` is what the running gateway says, where one has the folder. */
export async function showBuffer(
  folder: BufferFolder,
  locked: boolean,
  settledSeq?: number,
): Promise<BufferReport> {
  const confirmed = folder.cursor.confirmed;
  const segments: SegmentReport[] = [];
  const gaps: GapRange[] = [];
  let waitingRecords = 0;
  for (const [index, file] of folder.files.entries()) {
    const tally = await tallyOf(folder, file, supersededFrom(folder.files, index));
    segments.push(reportOf(file, tally));
    if (!tally || tally.recordCount === 0) continue;
    gaps.push(...tally.gaps);
    const behind = tally.lastSeq - Math.max(confirmed?.seq ?? 0, tally.firstSeq - 1);
    waitingRecords += Math.max(0, Math.min(behind, tally.recordCount));
  }
  return {
    schema: "sluicegate.buffer/1",
    folder: folder.logFolder,
    gatewayHash: folder.gatewayHash,
    locked,
    segments,
    runs: runsOf(segments),
    records: sumOf(segments),
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    confirmed,
    settledSeq,
    waitingRecords,
    gaps,
    keys: keysInUse(folder),
    identities: await identitiesOf(folder),
    quarantine: await quarantineOf(folder),
  };
}

async function tallyOf(
  { disk }: BufferFolder,
  { fileBytes, finding, path }: FoundFile,
  belowSeq: number,
): Promise<Tally | undefined> {
  if (finding.kind === "sealed") return finding.trailer.tally;
  if (finding.kind !== "open") return undefined;
  const { firstSeq, seal, uuid } = finding.identity;
  const options = { uuid, seal, firstSeq, belowSeq, end: fileBytes };
  return withFile(disk, path, async (file) => (await scanSegment(file, options)).tally);
}

function reportOf(file: FoundFile, tally: Tally | undefined): SegmentReport {
  const { fileBytes, finding } = file;
  const found = { file: nameOf(file), state: finding.kind, bytes: fileBytes };
  if (!tally || (finding.kind !== "sealed" && finding.kind !== "open")) return found;
  const { firstMs, lastMs } = tally;
  const { seal } = finding.identity;
  return {
    ...found,
    ...(seal && { key: formatKeyId(seal.keyId) }),
    sparse: finding.identity.sparse,
    run: finding.identity.run,
    firstSeq: finding.identity.firstSeq,
    lastSeq: tally.lastSeq,
    records: toRecords(tally.records),
    firstMs,
    lastMs,
  };
}

function toRecords([rejection, telemetry, state, alarm]: PerClass): RecordsPerClass {
  return { rejection, telemetry, state, alarm };
}

function countOf(records: RecordsPerClass | undefined): number {
  if (!records) return 0;
  return records.rejection + records.telemetry + records.state + records.alarm;
}

function runsOf(segments: readonly SegmentReport[]): RunReport[] {
  const runs: RunReport[] = [];
  for (const { firstSeq, lastSeq, records, run } of segments) {
    if (run === undefined || firstSeq === undefined || lastSeq === undefined) continue;
    const last = runs.at(-1);
    if (last?.run === run)
      runs[runs.length - 1] = { ...last, lastSeq, records: last.records + countOf(records) };
    else runs.push({ run, firstSeq, lastSeq, records: countOf(records) });
  }
  return runs;
}

function sumOf(segments: readonly SegmentReport[]): RecordsPerClass {
  const sum: PerClass = [0, 0, 0, 0];
  for (const { records } of segments) {
    sum[0] += records?.rejection ?? 0;
    sum[1] += records?.telemetry ?? 0;
    sum[2] += records?.state ?? 0;
    sum[3] += records?.alarm ?? 0;
  }
  return toRecords(sum);
}

/** As the newest footer knows them; what came behind it is found at the next start. */
async function identitiesOf({ disk, files }: BufferFolder): Promise<BufferReport["identities"]> {
  for (const { finding, path } of [...files].reverse()) {
    if (finding.kind !== "sealed") continue;
    const { at, bytes } = finding.trailer.identities;
    const section = await withFile(disk, path, (file) => readPart(file, at, bytes));
    const plain = openSection(finding.identity.seal, section);
    return countIdentities(plain ?? Buffer.alloc(0));
  }
  return { devices: 0, messages: 0 };
}

async function quarantineOf({
  disk,
  logFolder,
}: BufferFolder): Promise<BufferReport["quarantine"]> {
  const folder = join(logFolder, quarantineFolderName);
  const names = await disk.list(folder).catch((failure: unknown) => {
    if (isMissing(failure)) return [];
    throw failure;
  });
  let files = 0;
  let bytes = 0;
  for (const name of names) {
    if (name === quarantineManifestName) continue;
    files += 1;
    bytes += await withFile(disk, join(folder, name), (file) => file.sizeBytes());
  }
  return { files, bytes };
}
