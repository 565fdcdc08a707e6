/** Text of strangers for terminals and logs of lines. */

const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const short: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/**
 * The same text on one line that no terminal obeys: controls (C0, DEL, C1), line and paragraph
 * separators, marks that turn the direction of writing, and lone surrogates become `\n`, `\t`, `\r`
 * or `\u001b`. A backslash stays as it is, so JSON in one line is the same JSON afterwards; what is
 * shown is for reading, not for turning back. Everything that a device, a topic, a file or a server
 * said goes through here before it is printed.
 */
export function printable(text: string): string {
  return text.replace(unprintable, escapeUnit);
}

function escapeUnit(unit: string): string {
  return short[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
