/** How many columns of a terminal a text takes, sign by sign as people see them. */

/** One sign as people see it: a letter with its accents, an emoji of several parts. */
export interface Sign {
  readonly text: string;
  /** 0, 1 or 2 columns. */
  readonly width: number;
}

/** A sign of more parts than these is cut: strangers may heap accents without an end. */
const mostUnits = 32;

const ascii = /^[\x20-\x7e]*$/;
const noWidth = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const emoji =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[0-9#*]\ufe0f?\u20e3|\p{RI}\p{RI})/u;
/** Scripts whose signs are as wide as high, and their marks; halfwidth forms are not among them. */
const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6]|[\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}])/u;

let segmenter: Intl.Segmenter | undefined;

/** True for a text that every terminal draws one column for each character. */
export function isPlain(text: string): boolean {
  return ascii.test(text);
}

/** The signs of a text that has no controls. */
export function* signsOf(text: string): Iterable<Sign> {
  if (isPlain(text)) {
    for (const character of text) yield { text: character, width: 1 };
    return;
  }
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(text))
    yield { text: shortened(segment), width: widthOfSign(segment) };
}

/** Columns that a text takes. */
export function widthOf(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const sign of signsOf(text)) width += sign.width;
  return width;
}

/** As much of a text as fits, with `ending` in place of what does not. */
export function fitText(text: string, columns: number, ending = "…"): string {
  if (widthOf(text) <= columns) return text;
  const room = columns - widthOf(ending);
  if (room < 0) return "";
  let fitted = "";
  let width = 0;
  for (const sign of signsOf(text)) {
    if (width + sign.width > room) break;
    fitted += sign.text;
    width += sign.width;
  }
  return fitted + ending;
}

/** The text in exactly so many columns: cut, or with blanks behind it. */
export function padText(text: string, columns: number, ending = "…"): string {
  const fitted = fitText(text, columns, ending);
  return fitted + " ".repeat(Math.max(0, columns - widthOf(fitted)));
}

function widthOfSign(segment: string): number {
  if (noWidth.test(segment)) return 0;
  return emoji.test(segment) || wide.test(segment) ? 2 : 1;
}

function shortened(segment: string): string {
  if (segment.length <= mostUnits) return segment;
  return segment.slice(0, mostUnits).replace(/[\ud800-\udbff]$/, "");
}
