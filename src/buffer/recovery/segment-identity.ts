/** Whose records a segment holds: by its header, or by the records where that is lost. */
import type { DiskFile } from "../../core/disk.ts";
import { parseEventId, type RunId, type Seq, toSeq } from "../../core/ids.ts";
import type { KeyRing } from "../encryption/key-ring.ts";
import type { Seal } from "../encryption/seal.ts";
import { firstRecordIn } from "../files/record-walk.ts";
import { bodyAt } from "../format/payload.ts";

/** More than a segment with a damaged beginning has in front of its first whole record. */
const mostBytesBeforeFirst = 64 * 2 ** 20;

/** What recovery needs to know of a segment's header. */
export interface SegmentIdentity {
  readonly uuid: Uint8Array;
  readonly run: RunId;
  readonly firstSeq: Seq;
  readonly previousSeq: Seq;
  readonly supersedesSeq: Seq;
  /** Of the machine when it was begun; empty where that is not known. */
  readonly bootId: string;
  /** How its records are encrypted; undefined where they are not. */
  readonly seal: Seal | undefined;
  /** Some of its classes were given up. */
  readonly sparse: boolean;
}

/** A file whose header is lost. */
export interface HeadlessFile {
  readonly file: DiskFile;
  readonly fileBytes: number;
  /** By its name. */
  readonly firstSeq: Seq;
  readonly keys: KeyRing;
}

/**
 * Where frames fit the UUID, they are the segment's, and the first event names the run. An encrypted
 * event is read with whichever key opens it.
 */
export async function identifyByFrames(
  { file, fileBytes, firstSeq, keys }: HeadlessFile,
  uuid: Uint8Array,
): Promise<SegmentIdentity | undefined> {
  const end = Math.min(fileBytes, mostBytesBeforeFirst);
  for (const seal of [undefined, ...keys.sealsOf(uuid)]) {
    const first = await firstRecordIn(file, { uuid, seal }, end);
    const text = first ? bodyAt(first.buffer, first.at).toString() : "";
    const run = parseEventId(/"id":"([^"]+)"/.exec(text)?.[1] ?? "")?.run;
    if (run !== undefined) return withoutHeader(uuid, seal, run, firstSeq);
  }
  return undefined;
}

/** What can be said of a segment without its header. */
export function withoutHeader(
  uuid: Uint8Array,
  seal: Seal | undefined,
  run: RunId,
  firstSeq: Seq,
): SegmentIdentity {
  return {
    uuid,
    seal,
    run,
    firstSeq,
    previousSeq: toSeq(firstSeq - 1),
    supersedesSeq: toSeq(0),
    bootId: "",
    sparse: false,
  };
}
