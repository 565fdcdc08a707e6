/** Text that has to fit. */

/** At most so many UTF-16 units, the last of them an ellipsis where something is left out. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  // Half a character is none.
  return `${text.slice(0, Math.max(0, most - 1)).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** At most so many bytes in UTF-8. */
export function shortenToBytes(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text;
  const bytes = Buffer.from(text).subarray(0, Math.max(0, mostBytes - 3));
  return `${bytes.toString().replace(/\ufffd+$/, "")}…`;
}
