/**
 * Finds the log as the last run, a crash or a bad card left it, and makes it whole again.
 *
 * Sealed segments are known by their footers; only what was left open is read through. Whatever is
 * wrong, a start succeeds: what makes no sense goes to the quarantine, and every record that is
 * missing without having been declared is given as a loss, exactly.
 *
 * Doing it twice, or being interrupted, changes nothing: no file goes before what it proves is
 * written somewhere else.
 */
import { basename } from "node:path";
import type { Disk } from "../../core/disk.ts";
import type { GapRange } from "../../core/event.ts";
import { isWhole } from "../../core/gap-range.ts";
import type { RunId } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import type { CursorFile } from "../cursor.ts";
import type { KeyRing } from "../encryption/key-ring.ts";
import { shortestFrameBytes } from "../format/frame.ts";
import { countRanges, coveredRanges } from "../format/gap-ranges.ts";
import { segmentHeaderBytes } from "../format/segment-header.ts";
import { KnownMessages } from "../known-messages.ts";
import { findHolesBetween, lossesIn, lossesOfGone, readableGaps } from "../losses/find-losses.ts";
import type { Quarantine } from "../losses/quarantine.ts";
import { lastSeqOf, type Segment, spanOf } from "../segment.ts";
import { adoptFiles, scanFile } from "./adopt-files.ts";
import { type FoundFile, findFiles, refuseLocked, refuseSilence } from "./find-files.ts";
import type { LastWrite } from "./last-write.ts";
import { lossesInSparse, noteDrops } from "./note-drops.ts";
import { restoreNames } from "./restore-names.ts";

export interface RecoveryContext {
  readonly disk: Disk;
  readonly folder: string;
  readonly logger: Logger;
  readonly quarantine: Quarantine;
  /** Of this gateway; segments of another one are set aside. */
  readonly gatewayHash: string;
  readonly keys: KeyRing;
  /** Of this start; stands in for the run of a loss that nobody can name. */
  readonly run: RunId;
  /** As it was loaded. */
  readonly cursor: Pick<CursorFile, "saved" | "isWhole" | "isSilent">;
  /** Size at which a segment ends. */
  readonly segmentBytes: number;
  /** Most bytes of identities in a footer. */
  readonly identityBytes: number;
  /** Of the machine, as segments name it; empty where it is not known. */
  readonly bootId: string;
  /** A write to a segment ends with the record that brings it to this size. */
  readonly commitBytes: number;
}

export interface RecoveredLog {
  readonly segments: readonly Segment[];
  readonly identities: KnownMessages;
  /** Highest seq that was ever given out, as far as anyone can tell. */
  readonly lastSeq: number;
  /** Of the run before, where it is in doubt; its records are among `segments`. */
  readonly lastWrite: LastWrite | undefined;
  /** True for a segment that was found, and of which no record was taken. */
  isVoid(uuid: Uint8Array): boolean;
  /** Losses that no gap event declares yet. */
  readonly losses: readonly GapRange[];
}

/**
 * Rejects only when the folder cannot be used, its medium gives nothing of what is in it, or a later
 * version wrote it.
 */
export async function recoverLog(context: RecoveryContext): Promise<RecoveredLog> {
  const { cursor, disk, folder, gatewayHash, keys } = context;
  const confirmedSeq = cursor.saved.confirmed?.seq ?? 0;
  let found = await findFiles(disk, folder, gatewayHash, keys);
  refuseLocked(found);
  if (cursor.isSilent) refuseSilence(found, folder);
  if (await restoreNames({ ...context, confirmedSeq }, found))
    found = await findFiles(disk, folder, gatewayHash, keys);
  refuseLocked(found);
  const identities = new KnownMessages();
  const { lastWrite, segments } = await adoptFiles({ ...context, identities }, found);
  const held = await noteDrops(context, segments, lastWrite);
  const declared = held.flatMap(({ tally }) => tally.gaps);

  const losses: GapRange[] = [];
  const known = declared.filter(
    (range) => (range.reason === "damaged" || range.reason === "too-large") && isWhole(range),
  );
  for (const segment of held)
    losses.push(...(await findLossesInside(disk, confirmedSeq, segment, declared, known)));
  losses.push(...findHoleInFront(cursor, held[0], declared));
  losses.push(...findHolesBetween(held, confirmedSeq, declared));

  const last = held.at(-1);
  const heldLastSeq = last ? lastSeqOf(last) : 0;
  const silentSeq = lastSeqOfSilent(context, found.at(-1));
  const atEnd = { from: heldLastSeq + 1, to: Math.max(cursor.saved.durableSeq, silentSeq) };
  losses.push(...lossesOfGone(atEnd, last?.run ?? context.run, confirmedSeq, declared));
  for (const file of found) if (isStranger(file)) await setAside(context, file);
  const lastSeq = Math.max(heldLastSeq, confirmedSeq, atEnd.to);
  const taken = new Set(held.map(({ uuid }) => keyOf(uuid)));
  const voids = new Set(
    uuidsIn(found)
      .map(keyOf)
      .filter((key) => !taken.has(key)),
  );
  const isVoid = (uuid: Uint8Array): boolean => voids.has(keyOf(uuid));
  return { segments: held, identities, lastSeq, lastWrite, isVoid, losses };
}

/**
 * What is missing in a segment and was not declared, and notes in the segment all that is missing.
 * `known` is what `declared` names record by record.
 * Only a segment whose counts do not add up is read through.
 */
async function findLossesInside(
  disk: Disk,
  confirmedSeq: number,
  segment: Segment,
  declared: readonly GapRange[],
  known: readonly GapRange[],
): Promise<readonly GapRange[]> {
  if (segment.keptFrom > 0) return lossesInSparse(segment, confirmedSeq, declared);
  const all = spanOf(segment);
  segment.damaged = coveredRanges(all, known);
  // What its lost gap events declared was declared again with them.
  if (segment.damaged.length > 0 && segment.tally.gaps.length > 0)
    segment.tally.gaps = await readableGaps(disk, segment);
  const expected = countRanges([all]) - countRanges(segment.damaged);
  if (segment.tally.recordCount >= expected) return [];
  const scan = await scanFile(disk, segment.path, {
    uuid: segment.uuid,
    seal: segment.seal,
    firstSeq: segment.firstSeq,
    end: segment.framesEnd,
  });
  const lastFound = Math.max(scan.tally.lastSeq, all.from - 1);
  const behind = { from: lastFound + 1, to: all.to };
  const holes = lastFound < all.to ? [...scan.holes, behind] : scan.holes;
  segment.damaged = coveredRanges(all, [...segment.damaged, ...holes]);
  return holes.flatMap((hole) => lossesIn(hole, segment.run, confirmedSeq, declared));
}

/**
 * What is missing between what the backbone has and the oldest segment. Once that segment was
 * published from, the backbone had all before it, whatever it forgot since: that is not ours to tell.
 */
function findHoleInFront(
  { isWhole: isCursorWhole, saved }: RecoveryContext["cursor"],
  oldest: Segment | undefined,
  declared: readonly GapRange[],
): GapRange[] {
  if (!oldest || !isCursorWhole || saved.publishedFirstSeq >= oldest.firstSeq) return [];
  const confirmedSeq = saved.confirmed?.seq ?? 0;
  const missing = { from: confirmedSeq + 1, to: oldest.previousSeq };
  return lossesOfGone(missing, oldest.run, confirmedSeq, declared);
}

function uuidsIn(found: readonly FoundFile[]): readonly Uint8Array[] {
  return found.flatMap(({ finding }) =>
    finding.kind === "sealed" || finding.kind === "open" ? [finding.identity.uuid] : [],
  );
}

function keyOf(uuid: Uint8Array): string {
  return Buffer.from(uuid).toString("hex");
}

/** True for a file that has the name of a segment and is none of this log. */
function isStranger({ finding }: FoundFile): boolean {
  return ["foreign", "misnamed", "unreadable"].includes(finding.kind);
}

/**
 * The last seq that the newest file may have held, where the medium gives nothing of it: as many
 * records as fit in. Else 0.
 */
function lastSeqOfSilent({ segmentBytes }: RecoveryContext, file: FoundFile | undefined): number {
  if (file?.finding.kind !== "unreadable" || !file.isSilent) return 0;
  const frameBytes = (file.fileBytes || segmentBytes) - segmentHeaderBytes;
  return file.firstSeq - 1 + Math.max(0, Math.floor(frameBytes / shortestFrameBytes));
}

async function setAside({ quarantine }: RecoveryContext, file: FoundFile): Promise<void> {
  await quarantine.keepFile({
    segment: basename(file.path),
    offset: 0,
    bytes: file.fileBytes,
    reason: file.finding.kind,
  });
}
