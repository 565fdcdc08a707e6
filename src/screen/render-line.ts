/** A line as the characters that draw it. */
import { printable } from "../core/printable.ts";
import { toAscii } from "./ascii-signs.ts";
import type { Line, Tone } from "./line.ts";
import type { Look } from "./look.ts";
import { isPlain, type Sign, signsOf, widthOf } from "./text-width.ts";

const codes: Readonly<Record<Tone, string>> = {
  plain: "",
  faint: "2",
  strong: "1",
  warning: "33",
  alarm: "1;31",
  title: "7",
};
const usual = "\u001b[0m";
const eraseToEnd = "\u001b[K";

/**
 * Draws a line from the first column on, over whatever is there. Nothing in it moves the terminal but
 * what is added here. Behind each sign that terminals disagree about the column is said anew, so that
 * a name with such a sign shifts nothing behind it.
 */
export function renderLine(line: Line, columns: number, look: Look): string {
  let drawn = "";
  let at = 0;
  let tone: Tone = "plain";
  let isDoubtful = false;
  for (const part of fitted(line, columns, look)) {
    if (isDoubtful && isPlain(part.text)) {
      drawn += column(at);
      isDoubtful = false;
    }
    if (part.tone !== tone && look.color) drawn += toned(part.tone);
    tone = part.tone;
    drawn += part.text;
    at += part.width;
    isDoubtful ||= !isPlain(part.text);
  }
  if (tone !== "plain" && look.color) drawn += usual;
  // In the last column the cursor still stands on what was drawn there.
  if (at >= columns) return drawn;
  return `${drawn}${isDoubtful ? column(at) : ""}${eraseToEnd}`;
}

/** A line without any drawing, for whoever reads it as text. */
export function plainLine(line: Line, look: Look): string {
  return shown(line.map(({ text }) => text).join(""), look).trimEnd();
}

type TonedSign = Sign & { readonly tone: Tone };

function fitted(line: Line, columns: number, look: Look): TonedSign[] {
  const signs = line.flatMap(({ text, tone }) =>
    Array.from(signsOf(shown(text, look)), (sign) => ({ ...sign, tone })),
  );
  if (signs.reduce((sum, { width }) => sum + width, 0) <= columns) return signs;
  const ending = { text: shown("…", look), width: 1, tone: "plain" as const };
  let width = ending.width;
  const fits = signs.findIndex((sign) => {
    width += sign.width;
    return width > columns;
  });
  return columns < ending.width ? [] : [...signs.slice(0, fits), ending];
}

/** No row has room for more, and signs are told apart in a time that grows faster than their number. */
const mostUnits = 2_048;

/** A text of anybody as it may be drawn. */
export function shown(text: string, { unicode }: Look): string {
  const harmless = printable(text.slice(0, mostUnits)).slice(0, mostUnits);
  return unicode || isPlain(harmless) ? harmless : toAscii(harmless);
}

/** Columns that a text takes as it is drawn. */
export function shownWidth(text: string, look: Look): number {
  return widthOf(shown(text, look));
}

function toned(tone: Tone): string {
  return tone === "plain" ? usual : `\u001b[0;${codes[tone]}m`;
}

function column(at: number): string {
  return `\u001b[${at + 1}G`;
}
