/** Bytes as people read them: offset, some of them, and the same as text. */

export interface HexLine {
  readonly offset: string;
  /** `7b 22 74 65  6d 70`: columns of eight. */
  readonly hex: string;
  /** What can be printed of it, a dot for the rest. */
  readonly text: string;
}

/** Lines of what is in `hex`, of 8 or 16 bytes; what is no hex is left out. */
export function hexLines(hex: string, perLine: 8 | 16 = 16): readonly HexLine[] {
  const bytes = hex.match(/[0-9a-f]{2}/gi) ?? [];
  const lines: HexLine[] = [];
  for (let start = 0; start < bytes.length; start += perLine) {
    const line = bytes.slice(start, start + perLine);
    lines.push({
      offset: start.toString(16).padStart(4, "0"),
      hex: [line.slice(0, 8), line.slice(8)]
        .map((half) => half.join(" "))
        .join("  ")
        .trimEnd(),
      text: line.map(printableOf).join(""),
    });
  }
  return lines;
}

function printableOf(byte: string): string {
  const code = Number.parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : ".";
}
