import type { Fault } from "../core/fault.ts";

/** A stretch of one line of a file. Lines and columns count from 1. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
  /** Characters from the column on; at least 1, never past the end of the line. */
  readonly width: number;
  /** The whole line, without its end; absent where a file may hold secrets. */
  readonly text?: string;
}

/** A fault with the place where a person finds it. */
export interface LocatedFault extends Fault {
  /** Path of the file as people wrote it or would write it. */
  readonly file: string;
  /** Absent when the file itself is the trouble: it cannot be read. */
  readonly place?: SourcePlace;
}

/** Order of files, then of places in them; what has no place comes first. */
export function compareFaults(a: LocatedFault, b: LocatedFault): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (
    (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0)
  );
}
