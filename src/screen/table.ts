/** Cells under each other, as many columns as there is room for. */
import type { Line, Tone } from "./line.ts";
import type { Look } from "./look.ts";
import { shown, shownWidth } from "./render-line.ts";
import { fitText, padText, widthOf } from "./text-width.ts";

export interface Column {
  readonly head: string;
  readonly align?: "right";
  /** The widest it gets. */
  readonly most?: number;
  /** The narrowest it may get where there is no room; without it the column keeps its width. */
  readonly least?: number;
  /** Left out where there is no room: the highest first. Without it the column stays. */
  readonly leaves?: number;
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

const gap = "  ";

/** The head and a line for each row. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  room: number,
  look: Look,
): readonly Line[] {
  const widths = columns.map(({ head, most = Number.POSITIVE_INFINITY }, at) =>
    Math.min(
      most,
      rows.reduce(
        (most, row) => Math.max(most, shownWidth(row[at]?.text ?? "", look)),
        head.length,
      ),
    ),
  );
  const kept = keep(columns, widths, room);
  const lineOf = (cells: readonly Cell[], tone: Tone): Line =>
    kept.flatMap((at, place) => {
      const cell = cells[at];
      const text = padded(shown(cell?.text ?? "", look), widths[at] ?? 0, columns[at], look);
      const isLast = place === kept.length - 1;
      return [{ text: isLast ? text : text + gap, tone: cell?.tone ?? tone }];
    });
  return [
    lineOf(
      columns.map(({ head }) => ({ text: head })),
      "faint",
    ),
    ...rows.map((row) => lineOf(row, "plain")),
  ];
}

/** Which columns stay; makes those narrower that may be. */
function keep(columns: readonly Column[], widths: number[], room: number): number[] {
  let kept = columns.map((_, at) => at);
  const needed = (): number =>
    kept.reduce((sum, at) => sum + (widths[at] ?? 0), 0) + gap.length * (kept.length - 1);
  for (;;) {
    for (const at of kept) {
      const { least } = columns[at] ?? {};
      const over = needed() - room;
      if (least === undefined || over <= 0) continue;
      const width = widths[at] ?? 0;
      widths[at] = Math.max(Math.min(width, least), width - over);
    }
    if (needed() <= room) return kept;
    const ranks = kept.map((at) => columns[at]?.leaves ?? 0);
    const highest = Math.max(...ranks);
    if (highest === 0) return kept;
    const leaving = ranks.lastIndexOf(highest);
    kept = kept.filter((_, place) => place !== leaving);
  }
}

function padded(text: string, width: number, column: Column | undefined, look: Look): string {
  const ending = shown("…", look);
  if (column?.align !== "right") return padText(text, width, ending);
  const fitted = fitText(text, width, ending);
  return " ".repeat(Math.max(0, width - widthOf(fitted))) + fitted;
}
