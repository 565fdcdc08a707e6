/**
 * Numbers as text payloads write them, told from words that only look so: `0012345678` is a code,
 * `12e5` and `276098106123456789` are not what a number would print.
 */

/** How the point of a decimal number is written. */
export type DecimalMark = "." | ",";

const forms: Readonly<Record<DecimalMark, RegExp>> = {
  ".": /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i,
  ",": /^[-+]?(?:\d+(?:,\d*)?|,\d+)(?:e[-+]?\d+)?$/i,
};

/** The number in a text that is nothing else; undefined for a word, and where digits would be lost. */
export function bareNumber(text: string, mark: DecimalMark = "."): number | undefined {
  if (!forms[mark].test(text) || /^\d+e\d+$/i.test(text)) return undefined;
  const value = Number(mark === "," ? text.replace(",", ".") : text);
  if (!Number.isFinite(value)) return undefined;
  return isInteger(text) && !printsAs(value, text) ? undefined : value;
}

function isInteger(text: string): boolean {
  return /^[-+]?\d+$/.test(text);
}

function printsAs(value: number, text: string): boolean {
  const digits = text.replace(/^[-+]/, "");
  return String(Math.abs(value)) === digits;
}
