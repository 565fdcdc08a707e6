/** Lines for standard output or standard error, whose reader may be slow or gone. */
import { printable } from "../core/printable.ts";

/** What takes lines: `process.stdout`, `process.stderr`, or anything with `write`. */
export interface LineDestination {
  write(text: string): unknown;
  /** What was written and not yet taken, in bytes or in characters. */
  readonly writableLength?: number;
}

/** Takes one line at a time, without its end. */
export interface LineOutput {
  write(line: string): void;
}

/** So much waits for a slow reader. */
const maxWaitingBytes = 1024 * 1024;

/**
 * Writes each line as `printable` leaves it and never waits: what is too much for a slow reader is
 * left out, and `leftOut` is told how many lines before the next one is written.
 */
export function createLineOutput(
  destination: LineDestination,
  leftOut: (lines: number) => void,
): LineOutput {
  let missing = 0;
  return {
    write(line) {
      if ((destination.writableLength ?? 0) > maxWaitingBytes) {
        missing += 1;
        return;
      }
      if (missing > 0) {
        const lines = missing;
        missing = 0;
        leftOut(lines);
      }
      destination.write(`${printable(line)}\n`);
    },
  };
}
