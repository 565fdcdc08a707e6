/** The first characters, and not half of one: a database would keep another one in its place. */
export function beginning(text: string, atMost: number): string {
  const isCut = (text.codePointAt(atMost - 1) ?? 0) > 0xffff;
  return text.slice(0, isCut ? atMost - 1 : atMost);
}
