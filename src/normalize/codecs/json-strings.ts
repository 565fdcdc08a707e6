/**
 * Where the string that begins at `at` ends: behind its closing quote; the length of the text where
 * it has none.
 */
export function endOfString(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === 0x22) return end + 1;
    end += code === 0x5c ? 2 : 1;
  }
  return text.length;
}
