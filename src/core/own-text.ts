/** A copy: a part of a text holds the whole of it in memory, and that may be a megabyte. */
export function ownText(part: string): string {
  return Buffer.from(part, "utf16le").toString("utf16le");
}
