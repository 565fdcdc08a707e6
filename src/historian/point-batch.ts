/** Points that are written together, and what may be called read once they are stored. */
export class PointBatch {
  readonly lines: string[] = [];
  readonly #whenStored = new Map<string, () => void>();
  #characters = 0;

  /** About; UTF-8 may need more. */
  get characters(): number {
    return this.#characters;
  }

  /** What was read without a point of its own counts, too: its place moves. */
  get isEmpty(): boolean {
    return this.#whenStored.size === 0;
  }

  /** Of one stream only the last `whenStored` counts. */
  add(stream: string, lines: readonly string[], whenStored: () => void): void {
    for (const line of lines) {
      this.lines.push(line);
      this.#characters += line.length + 1;
    }
    this.#whenStored.set(stream, whenStored);
  }

  /** To be called once every point is stored, or is a dead letter that is. */
  stored(): void {
    for (const note of this.#whenStored.values()) note();
  }
}
