import type { Origin } from "../../core/event.ts";
import { decodeEvent, isMalformed } from "../../core/event-codec.ts";
import { withFile } from "../files/with-file.ts";
import { bodyAt } from "../format/payload.ts";
import type { BufferFolder } from "./open-buffer-folder.ts";
import { segmentToWalk, walkSegment } from "./walk-segment.ts";

/** Whose events a buffer holds, as the first of them says; undefined when there is none to ask. */
export async function originOf({ disk, files }: BufferFolder): Promise<Origin | undefined> {
  for (const [index, { path }] of files.entries()) {
    const segment = segmentToWalk(files, index);
    if (!segment) continue;
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
