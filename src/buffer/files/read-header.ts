import type { DiskFile } from "../../core/disk.ts";
import {
  type HeaderFinding,
  headerCopy,
  parseHeaderCopy,
  parseSegmentHeader,
  segmentHeaderBytes,
} from "../format/segment-header.ts";
import { readPart } from "./read-part.ts";

/** What a file begins with. */
export async function readHeader(file: DiskFile): Promise<HeaderFinding> {
  return parseSegmentHeader(await readPart(file, 0, segmentHeaderBytes));
}

/** The header where it stands once more, for a file that begins with none. */
export async function readHeaderCopy(file: DiskFile): Promise<HeaderFinding> {
  return parseHeaderCopy(await readPart(file, headerCopy.at, headerCopy.bytes));
}
