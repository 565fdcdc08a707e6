import type { Origin } from "../../core/event.ts";
import { decodeEvent, isMalformed } from "../../core/event-codec.ts";
import { bodyAt } from "../format/payload.ts";
import { supersededFrom } from "../recovery/find-files.ts";
import { type BufferFolder, withFile } from "./open-buffer-folder.ts";
import { walkSegment } from "./walk-segment.ts";

/** Whose events a buffer holds, as the first of them says; undefined when there is none to ask. */
export async function originOf({ disk, files }: BufferFolder): Promise<Origin | undefined> {
  for (const [index, { fileBytes, finding, path }] of files.entries()) {
    if (finding.kind !== "sealed" && finding.kind !== "open") continue;
    const { firstSeq, sparse, uuid } = finding.identity;
    const belowSeq = supersededFrom(files, index);
    const segment = { uuid, firstSeq, end: fileBytes, lastSeq: undefined, belowSeq, sparse };
    const origin = await withFile(disk, path, async (file) => {
      for await (const finds of walkSegment(file, segment)) {
        for (const find of finds) {
          const event =
            find.kind === "record"
              ? decodeEvent(bodyAt(find.buffer, find.at).toString())
              : undefined;
          if (event && !isMalformed(event)) return event.origin;
        }
      }
      return undefined;
    });
    if (origin) return origin;
  }
  return undefined;
}
