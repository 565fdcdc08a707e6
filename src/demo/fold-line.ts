/**
 * Breaks a line that a terminal could not show in one: at the last wide gap that fits (between two
 * facts), else at the last blank. What follows is indented. `columns` undefined: no terminal, the
 * line stays whole for whoever reads it by program.
 */
export function foldLine(text: string, columns: number | undefined, indent = "       "): string {
  const characters = [...text];
  if (columns === undefined || columns <= indent.length * 2 || characters.length <= columns) {
    return text;
  }
  const head = characters.slice(0, columns + 1).join("");
  const least = indent.length + 1;
  const gap = head.trimEnd().lastIndexOf("   ");
  const at = gap > least ? gap : head.lastIndexOf(" ");
  if (at <= least) return text;
  const rest = `${indent}${text.slice(at).trimStart()}`;
  return `${text.slice(0, at).trimEnd()}\n${foldLine(rest, columns, indent)}`;
}
