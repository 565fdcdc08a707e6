/** One subject of the live stream: all of it as rows by key, and which of them changed. */

/** Rows by key, made when they are asked for; a row is fit for JSON and replaced as a whole. */
export interface Rows extends Iterable<readonly [key: string, row: object]> {
  get(key: string): object | undefined;
}

export class Topic {
  readonly name: string;
  readonly #rows: () => Rows;
  readonly #end: () => void;
  #changed = new Set<string>();

  /** `rows` gives all there is now; `end` is called when nobody looks at a topic that was asked for by name. */
  constructor(name: string, rows: () => Rows, end: () => void = () => {}) {
    this.name = name;
    this.#rows = rows;
    this.#end = end;
  }

  /** A row is another than it was, or is gone. Costs nothing but the note. */
  touch(key: string): void {
    this.#changed.add(key);
  }

  /** Rows that changed since it was asked last, `null` for those that are gone; undefined for none. */
  takeChanges(): string | undefined {
    if (this.#changed.size === 0) return undefined;
    const rows = this.#rows();
    const changed = Array.from(this.#changed, (key) => [key, rows.get(key) ?? null]);
    this.#changed = new Set();
    return JSON.stringify(Object.fromEntries(changed));
  }

  /** All rows there are. */
  all(): string {
    return JSON.stringify(Object.fromEntries(this.#rows()));
  }

  /** Nobody looks any more. */
  end(): void {
    this.#end();
  }
}
