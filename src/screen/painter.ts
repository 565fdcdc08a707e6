/** Frame after frame on one terminal: only the rows are written that differ from what is there. */
import type { Line } from "./line.ts";
import type { Look } from "./look.ts";
import { renderLine } from "./render-line.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const clear = "\u001b[2J";
const nothing = "\u001b[K";

export class Painter {
  readonly #look: Look;
  #rows: string[] = [];
  #size: Size | undefined;

  constructor(look: Look) {
    this.#look = look;
  }

  /** What has to be written so that these lines stand there; empty where they do. */
  frame(lines: readonly Line[], size: Size): string {
    const isAnew = this.#size?.columns !== size.columns || this.#size.rows !== size.rows;
    if (isAnew) this.#rows = [];
    this.#size = size;
    let written = isAnew ? clear : "";
    for (let row = 0; row < size.rows; row += 1) {
      const line = lines[row];
      const drawn = line === undefined ? nothing : renderLine(line, size.columns, this.#look);
      if (drawn === (this.#rows[row] ?? nothing)) continue;
      this.#rows[row] = drawn;
      written += `\u001b[${row + 1};1H${drawn}`;
    }
    return written;
  }

  /** Somebody else wrote over it: the next frame is written whole. */
  forget(): void {
    this.#size = undefined;
  }
}
