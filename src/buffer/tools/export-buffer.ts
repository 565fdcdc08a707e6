/** Reads out what is whole in a buffer, without a gateway: for rescuing a dead box. */

import { withFile } from "../files/with-file.ts";
import { type SeqRange, subtractRanges } from "../format/gap-ranges.ts";
import { bodyAt } from "../format/payload.ts";
import { type FoundFile, refuseLocked } from "../recovery/find-files.ts";
import type { Damage } from "./damage.ts";
import { type BufferFolder, nameOf } from "./open-buffer-folder.ts";
import { segmentToWalk, walkSegment } from "./walk-segment.ts";

export interface ExportSink {
  /** One event, CloudEvent JSON without a line end; a view that lasts until it resolves. */
  record(body: Buffer): void;
  /** Awaited after each chunk of about 1 MiB. */
  chunkEnd(): Promise<void>;
  damage(damage: Damage): void;
}

/**
 * Gives every whole record within `range`, in order; resolves with how many there were. `live`: a
 * gateway owns the folder, so the end of the newest segment is being written. Rejects with `buffer.key`
 * where it takes a key that is not there.
 */
export async function exportBuffer(
  folder: BufferFolder,
  live: boolean,
  range: SeqRange,
  sink: ExportSink,
): Promise<number> {
  refuseLocked(folder.files);
  // Those of a segment without a footer are not known before it is read, and it is read last.
  const declared: readonly SeqRange[] = folder.files.flatMap(({ finding }) =>
    finding.kind === "sealed" ? finding.trailer.tally.gaps : [],
  );
  const confirmed = { from: 0, to: folder.cursor.confirmed?.seq ?? 0 };
  let records = 0;
  let behind: number | undefined;
  for (const [index, file] of folder.files.entries()) {
    const { finding } = file;
    const segment = segmentToWalk(folder.files, index);
    if (!segment) {
      if (finding.kind !== "empty") sink.damage(wholeFile(file, finding.kind));
      continue;
    }
    const { previousSeq } = segment;
    if (segment.firstSeq > range.to) break;
    const gone = { from: (behind ?? previousSeq) + 1, to: previousSeq };
    if (gone.from <= gone.to && gone.to >= range.from && !isWithin(gone, [confirmed, ...declared]))
      sink.damage({ ...wholeFile(file, "missing"), bytes: 0, lost: gone });
    behind = segment.lastSeq;
    if (segment.lastSeq !== undefined && segment.lastSeq < range.from) continue;
    records += await withFile(folder.disk, file.path, async (opened) => {
      let given = 0;
      for await (const finds of walkSegment(opened, segment)) {
        for (const find of finds) {
          const isBeingWritten = live && index === folder.files.length - 1;
          if (find.kind === "tail" && isBeingWritten) continue;
          if (find.kind !== "record") {
            const isDeclared = isWithin(find.lost, declared);
            if (find.kind !== "missing" || !isWithin(find.lost, [confirmed, ...declared]))
              sink.damage({ file: nameOf(file), declared: isDeclared, ...find });
            continue;
          }
          behind = Math.max(behind ?? 0, find.seq);
          if (find.seq < range.from || find.seq > range.to) continue;
          sink.record(bodyAt(find.buffer, find.at));
          given += 1;
        }
        await sink.chunkEnd();
      }
      return given;
    });
  }
  return records;
}

function isWithin(range: SeqRange | undefined, known: readonly SeqRange[]): boolean {
  return range !== undefined && subtractRanges(range, known).length === 0;
}

function wholeFile(file: FoundFile, kind: string): Damage {
  const bytes = file.fileBytes;
  return { file: nameOf(file), offset: 0, bytes, kind, lost: undefined, declared: false };
}
