/** What a terminal would show of what a program wrote: rows of signs, and what it was told beside it. */
import { signsOf, widthOf } from "../../src/screen/text-width.ts";

export interface ShownOptions {
  readonly columns: number;
  readonly rows: number;
  /** How wide this terminal draws a sign: they do not agree. */
  readonly widthOf?: (sign: string) => number;
}

const start = "\u001b";

/** As much of a terminal as the programs here may use; everything else is strange. */
export class ShownScreen {
  /** What no program here has any business with. */
  readonly strange: string[] = [];
  /** Colors and weights that were asked for. */
  readonly colors = new Set<string>();
  /** Modes by their number: `25` the cursor, `7` lines that wrap, `1049` the second screen. */
  readonly modes = new Map<string, boolean>();
  #columns: number;
  #rows: number;
  readonly #widthOf: (sign: string) => number;
  #cells: string[][] = [];
  #row = 0;
  #column = 0;

  constructor({ columns, rows, widthOf: width = widthOf }: ShownOptions) {
    this.#columns = columns;
    this.#rows = rows;
    this.#widthOf = width;
  }

  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
  }

  /** The rows as people see them, without blanks at their ends. */
  get rows(): string[] {
    return Array.from({ length: this.#rows }, (_, at) =>
      (this.#cells[at] ?? []).join("").trimEnd(),
    );
  }

  get text(): string {
    return this.rows.join("\n");
  }

  /** The column in which a text begins; -1 where it is not to be seen. */
  columnOf(text: string): number {
    for (const cells of this.#cells)
      for (let at = 0; at < (cells?.length ?? 0); at += 1)
        if (cells.slice(at).join("").startsWith(text)) return at;
    return -1;
  }

  write(text: string): void {
    for (let rest = text; rest !== ""; ) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
      const [plain = ""] = /^[^\u0000-\u001f\u007f-\u009f]+/.exec(rest) ?? [];
      for (const sign of signsOf(plain)) this.#put(sign.text);
      rest = rest.slice(plain.length);
      if (rest !== "") rest = rest.slice(this.#obey(rest));
    }
  }

  /** Obeys what stands first; gives how long it is. */
  #obey(text: string): number {
    if (text[0] === "\r") this.#column = 0;
    else if (text[0] === "\n") this.#row = Math.min(this.#rows - 1, this.#row + 1);
    else if (text[0] !== start) this.strange.push(JSON.stringify(text[0]));
    if (text[0] !== start) return 1;
    const [whole, , numbers = "", final = ""] = /^.(\[)([?\d;]*)([A-Za-z])/s.exec(text) ?? [];
    if (whole === undefined) {
      this.strange.push(JSON.stringify(text.slice(0, 10)));
      return 1;
    }
    const [first = 1, second = 1] = numbers.split(";").map((number) => Number(number) || 1);
    if (final === "H") [this.#row, this.#column] = [first - 1, second - 1];
    else if (final === "G") this.#column = first - 1;
    else if (final === "K") this.#cells[this.#row]?.splice(this.#column);
    else if (final === "J" && numbers === "2") this.#cells = [];
    else if (final === "m") this.colors.add(numbers);
    else if (final === "h" || final === "l") this.modes.set(numbers.slice(1), final === "h");
    else this.strange.push(JSON.stringify(whole));
    return whole.length;
  }

  #put(sign: string): void {
    const width = this.#widthOf(sign);
    this.#cells[this.#row] ??= [];
    const cells = this.#cells[this.#row] ?? [];
    while (cells.length < this.#column) cells.push(" ");
    if (width === 0) {
      const before = Math.max(0, this.#column - 1);
      cells[before] = (cells[before] ?? "") + sign;
      return;
    }
    // Without wrapping, what does not fit is drawn over the last column.
    if (this.#column + width > this.#columns) this.#column = Math.max(0, this.#columns - width);
    for (let at = 0; at < width; at += 1) cells[this.#column + at] = at === 0 ? sign : "";
    this.#column += width;
  }
}
