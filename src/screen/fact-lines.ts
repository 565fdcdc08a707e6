/** Facts under a label, on as many lines as they need. */
import { type Line, type Span, span } from "./line.ts";
import type { Look } from "./look.ts";
import { shownWidth } from "./render-line.ts";

/** Where the facts begin, also on the lines behind the first. */
const indent = 10;
const gap = "   ";

/** `Buffer    17,280 events   4.1 MiB`: no fact is torn apart, and one that is too long is cut. */
export function factLines(
  label: string,
  facts: readonly Span[],
  columns: number,
  look: Look,
): readonly Line[] {
  const lines: Span[][] = [];
  let at = Number.POSITIVE_INFINITY;
  for (const fact of facts) {
    const width = shownWidth(fact.text, look);
    if (at + gap.length + width > columns) {
      const head = lines.length === 0 ? label : "";
      lines.push([span(head.padEnd(indent), "faint"), fact]);
      at = indent + width;
    } else {
      lines.at(-1)?.push(span(gap), fact);
      at += gap.length + width;
    }
  }
  return lines;
}
