/** Checks every checksum of a buffer and changes nothing. */

import type { DiskFile } from "../../core/disk.ts";
import { cursorName } from "../cursor.ts";
import { isLocked, openSection, type Seal } from "../encryption/seal.ts";
import { readHeader, readHeaderCopy } from "../files/read-header.ts";
import { readPart } from "../files/read-part.ts";
import { gapsAt } from "../files/scan.ts";
import { withFile } from "../files/with-file.ts";
import { cursorSlotBytes, parseCursorSlot } from "../format/cursor-slot.ts";
import {
  type FooterSection,
  isSectionValid,
  resemblesTrailer,
  trailerBytes,
} from "../format/segment-footer.ts";
import { headerCopy, segmentHeaderBytes } from "../format/segment-header.ts";
import type { FoundFile } from "../recovery/find-files.ts";
import { DamageBook, type DamageSum } from "./damage-book.ts";
import { missingKeysOf } from "./keys-in-use.ts";
import { type BufferFolder, nameOf, readCursorSlots } from "./open-buffer-folder.ts";
import { segmentToWalk, walkSegment } from "./walk-segment.ts";

export interface VerifyReport extends DamageSum {
  readonly segments: number;
  /** Whole records that were read. */
  readonly records: number;
  readonly bytes: number;
  /** Keys without which records could not be read: of those only checksums were looked at. */
  readonly missingKeys: readonly string[];
}

/**
 * `live`: a gateway owns the folder, so the end of the newest segment is being written. `first`: the
 * oldest file that is looked at, by its place in `files`; nothing is said of what is before it.
 */
export async function verifyBuffer(
  folder: BufferFolder,
  live: boolean,
  first = 0,
): Promise<VerifyReport> {
  const book = new DamageBook();
  let previous:
    | { readonly file: string; readonly lastSeq: number; readonly end: number }
    | undefined;
  let records = 0;
  let bytes = 0;
  for (const [index, file] of folder.files.entries()) {
    if (index < first) continue;
    bytes += file.fileBytes;
    const checked = await checkFile(folder, file, index, live, book).catch(() => undefined);
    if (!checked) continue;
    records += checked.records;
    const before = previous ?? {
      file: nameOf(file),
      lastSeq: first > 0 ? checked.previousSeq : lastSeqBefore(folder, checked),
      end: 0,
    };
    if (checked.previousSeq > before.lastSeq)
      book.add({
        file: before.file,
        offset: before.end,
        bytes: 0,
        kind: "missing",
        lost: { from: before.lastSeq + 1, to: checked.previousSeq },
      });
    previous = { file: nameOf(file), lastSeq: checked.lastSeq, end: checked.end };
  }
  const durableSeq = folder.cursor.durableSeq;
  if (!live && durableSeq > (previous?.lastSeq ?? 0))
    book.add({
      file: previous?.file ?? cursorName,
      offset: previous?.end ?? 0,
      bytes: 0,
      kind: "missing",
      lost: { from: (previous?.lastSeq ?? 0) + 1, to: durableSeq },
    });
  await checkCursor(folder, book);
  return {
    segments: folder.files.length - first,
    records,
    bytes,
    missingKeys: missingKeysOf(folder),
    ...book.close(folder.cursor.confirmed?.seq ?? 0),
  };
}

/** What was deleted in front of the oldest segment was confirmed; a damaged cursor may not know it. */
function lastSeqBefore({ cursor, isCursorWhole }: BufferFolder, first: CheckedSegment): number {
  const isPublished = cursor.publishedFirstSeq > first.previousSeq;
  return isCursorWhole && !isPublished ? (cursor.confirmed?.seq ?? 0) : first.previousSeq;
}

interface CheckedSegment {
  readonly previousSeq: number;
  readonly lastSeq: number;
  readonly records: number;
  readonly end: number;
}

async function checkFile(
  { disk, files }: BufferFolder,
  file: FoundFile,
  index: number,
  live: boolean,
  book: DamageBook,
): Promise<CheckedSegment | undefined> {
  const { finding } = file;
  const name = nameOf(file);
  const segment = segmentToWalk(files, index);
  if (!segment) {
    const bytes = file.fileBytes;
    if (finding.kind !== "empty")
      book.add({ file: name, offset: 0, bytes, kind: finding.kind, lost: undefined });
    return undefined;
  }
  const isNewest = index === files.length - 1;
  const trailer = finding.kind === "sealed" ? finding.trailer : undefined;
  return withFile(disk, file.path, async (opened) => {
    const header = await readHeader(opened);
    const headerDamage = { file: name, bytes: segmentHeaderBytes, lost: undefined } as const;
    if (header.kind !== "header") book.add({ ...headerDamage, offset: 0, kind: "segment-header" });
    if (segment.seal && (await readHeaderCopy(opened)).kind !== "header")
      book.add({ ...headerDamage, offset: headerCopy.at, kind: "segment-header" });
    const { firstSeq, sparse } = segment;
    let lastSeq = firstSeq - 1;
    let records = 0;
    const damaged = !trailer && (await damagedFooter(opened, file.fileBytes, segment.uuid));
    for await (const finds of walkSegment(opened, segment)) {
      for (const find of finds) {
        if (find.kind === "record") {
          records += 1;
          lastSeq = find.seq;
          book.declare(gapsAt(find.buffer, find.at, segment.seal) ?? []);
        } else if (find.kind === "tail") {
          if (live && isNewest) continue;
          book.add({ file: name, ...find, kind: damaged ? "footer" : "tail" });
        } else {
          book.add({ file: name, ...find });
          lastSeq = Math.max(lastSeq, find.lost?.to ?? 0);
        }
      }
    }
    if (trailer) {
      book.declare(trailer.tally.gaps);
      const { at, bytes } = trailer.identities;
      if (!(await isWhole(opened, trailer.identities, segment.seal)))
        book.add({ file: name, offset: at, bytes, kind: "footer", lost: undefined });
    }
    if (sparse) {
      lastSeq = Math.max(lastSeq, trailer?.tally.lastSeq ?? 0);
      book.addSparse({ file: name, from: firstSeq, to: lastSeq, records });
    }
    return { previousSeq: segment.previousSeq, lastSeq, records, end: file.fileBytes };
  });
}

/** A section that nobody closed with the key is as good as damaged. */
async function isWhole(
  file: DiskFile,
  section: FooterSection,
  seal: Seal | undefined,
): Promise<boolean> {
  const bytes = await readPart(file, section.at, section.bytes);
  if (!isSectionValid(section, bytes)) return false;
  return isLocked(seal) || openSection(seal, bytes) !== undefined;
}

/** True when the file was closed with a footer that does not fit any more. */
async function damagedFooter(
  file: DiskFile,
  fileBytes: number,
  uuid: Uint8Array,
): Promise<boolean> {
  const at = fileBytes - trailerBytes;
  if (at < segmentHeaderBytes) return false;
  const trailer = await readPart(file, at, trailerBytes);
  return resemblesTrailer(trailer, uuid);
}

async function checkCursor(
  { disk, gatewayHash, logFolder }: BufferFolder,
  book: DamageBook,
): Promise<void> {
  const slots = await readCursorSlots(disk, logFolder);
  for (const [index, slot] of slots.entries()) {
    const isUnused = slot.every((byte) => byte === 0);
    if (isUnused || parseCursorSlot(slot, gatewayHash ?? "")) continue;
    book.add({
      file: cursorName,
      offset: index * cursorSlotBytes,
      bytes: slot.length,
      kind: "cursor",
      lost: undefined,
    });
  }
}
