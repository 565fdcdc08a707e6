import type { DiskFile } from "../../core/disk.ts";
import {
  type HeaderFinding,
  parseSegmentHeader,
  segmentHeaderBytes,
} from "../format/segment-header.ts";
import { readPart } from "./read-part.ts";

/** What a file begins with. */
export async function readHeader(file: DiskFile): Promise<HeaderFinding> {
  return parseSegmentHeader(await readPart(file, 0, segmentHeaderBytes));
}
