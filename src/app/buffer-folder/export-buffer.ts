/** Reads out what is whole in a buffer, without a gateway: for rescuing a dead box. */
import { type FoundFile, supersededFrom } from "../../buffer/find-files.ts";
import type { SeqRange } from "../../buffer/gap-ranges.ts";
import type { Damage } from "./damage.ts";
import { type BufferFolder, nameOf, withFile } from "./open-buffer-folder.ts";
import { bodyOf, walkSegment } from "./walk-segment.ts";

export interface ExportSink {
  /** One event, CloudEvent JSON without a line end; a view that lasts until it resolves. */
  record(body: Buffer): void;
  /** Awaited after each chunk of about 1 MiB. */
  chunkEnd(): Promise<void>;
  damage(damage: Damage): void;
}

/**
 * Gives every whole record within `range`, in order; resolves with how many there were. `live`: a
 * gateway owns the folder, so the end of the newest segment is being written.
 */
export async function exportBuffer(
  folder: BufferFolder,
  live: boolean,
  range: SeqRange,
  sink: ExportSink,
): Promise<number> {
  let records = 0;
  for (const [index, file] of folder.files.entries()) {
    const { finding } = file;
    if (finding.kind !== "sealed" && finding.kind !== "open") {
      if (finding.kind !== "empty") sink.damage(wholeFile(file, finding.kind));
      continue;
    }
    if (finding.identity.firstSeq > range.to) break;
    const lastSeq = finding.kind === "sealed" ? finding.trailer.tally.lastSeq : undefined;
    if (lastSeq !== undefined && lastSeq < range.from) continue;
    const segment = {
      uuid: finding.identity.uuid,
      firstSeq: finding.identity.firstSeq,
      end: finding.kind === "sealed" ? finding.trailer.framesEnd : file.fileBytes,
      lastSeq,
      belowSeq: supersededFrom(folder.files.slice(index + 1)),
    };
    records += await withFile(folder.disk, file.path, async (opened) => {
      let given = 0;
      for await (const finds of walkSegment(opened, segment)) {
        for (const find of finds) {
          const isBeingWritten = live && index === folder.files.length - 1;
          if (find.kind === "tail" && isBeingWritten) continue;
          if (find.kind !== "record") sink.damage({ file: nameOf(file), declared: false, ...find });
          else if (find.seq >= range.from && find.seq <= range.to) {
            sink.record(bodyOf(find));
            given += 1;
          }
        }
        await sink.chunkEnd();
      }
      return given;
    });
  }
  return records;
}

function wholeFile(file: FoundFile, kind: string): Damage {
  const bytes = file.fileBytes;
  return { file: nameOf(file), offset: 0, bytes, kind, lost: undefined, declared: false };
}
