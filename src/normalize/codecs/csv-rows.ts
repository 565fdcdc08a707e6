/** Splits text into rows of cells as RFC 4180 has them. */

export interface Cell {
  /** Without quotes and the blanks around it. */
  readonly text: string;
  readonly quoted: boolean;
}

/**
 * The rows that are not empty. A blank as separator stands for any number of blanks. Undefined when a
 * quote is not closed.
 */
export function splitRows(text: string, separator: string): Cell[][] | undefined {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let at = 0;
  while (at <= text.length) {
    at = skipBlanks(text, at, separator);
    const quoted = text[at] === '"';
    const end = quoted ? endOfQuotes(text, at) : at;
    if (end === undefined) return undefined;
    let next = end;
    while (next < text.length && text[next] !== separator && text[next] !== "\n") next += 1;
    row.push(
      quoted
        ? { text: text.slice(at + 1, end - 1).replaceAll('""', '"'), quoted }
        : { text: text.slice(at, next).trim(), quoted },
    );
    if (text[next] !== separator) {
      if (row.length > 1 || row[0]?.text !== "") rows.push(row);
      row = [];
    }
    at = next + 1;
  }
  return rows;
}

function skipBlanks(text: string, from: number, separator: string): number {
  let at = from;
  while (text[at] === " " || (text[at] === "\t" && separator !== "\t")) at += 1;
  return at;
}

/** Behind the quote that closes those that begin at `from`. */
function endOfQuotes(text: string, from: number): number | undefined {
  let at = text.indexOf('"', from + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at === -1 ? undefined : at + 1;
}
