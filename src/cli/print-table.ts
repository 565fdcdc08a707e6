/** Rows as lines. */
import { printable } from "../core/printable.ts";

/** Cells under each other, each column as wide as its widest. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("   ")
      .trimEnd(),
  );
}

/**
 * What a command lists: columns for people at a terminal, the same cells between tabs for what reads a
 * pipe. No cell has a tab or a line break in it, so `cut` and `awk` find each. `printLines` prints them.
 */
export function tableLines(
  rows: readonly (readonly string[])[],
  isTerminal: boolean = process.stdout.isTTY,
): string[] {
  const cells = rows.map((row) => row.map(printable));
  return isTerminal ? columns(cells) : cells.map((row) => row.join("\t"));
}

/** Prints lines of which some are of a table: what stands between tabs is text of strangers. */
export function printLines(lines: readonly string[]): void {
  const printed = lines.map((line) => `${line.split("\t").map(printable).join("\t")}\n`);
  process.stdout.write(printed.join(""));
}
