/**
 * Bounds what waits in memory, in letters of each stream and in bytes of all: who has more to say waits
 * in front of the door, so a target that is away costs no memory, and one stream cannot shut out another.
 */
import type { Letter, Parcel } from "./letter.ts";

const mostBytes = 32 * 1_048_576;

export class WaitingRoom {
  readonly #lettersOf = new Map<string, number>();
  readonly #mostLetters: () => number;
  #letters = 0;
  #bytes = 0;
  #onRoom: (() => void)[] = [];

  /** `mostLetters` is how many of one stream may wait. */
  constructor(mostLetters: () => number) {
    this.#mostLetters = mostLetters;
  }

  get letters(): number {
    return this.#letters;
  }

  /** Resolves when there is room for it; false when the signal came first. A stream alone always has some. */
  async enter({ letters, stream }: Parcel, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted && !this.#hasRoom(stream)) await this.#someLeft(signal);
    if (signal.aborted) return false;
    this.#lettersOf.set(stream, (this.#lettersOf.get(stream) ?? 0) + letters.length);
    this.#letters += letters.length;
    for (const { text } of letters) this.#bytes += text.length;
    return true;
  }

  leave({ stream, text }: Letter): void {
    const left = (this.#lettersOf.get(stream) ?? 0) - 1;
    if (left > 0) this.#lettersOf.set(stream, left);
    else this.#lettersOf.delete(stream);
    this.#letters -= 1;
    this.#bytes -= text.length;
    const waiting = this.#onRoom;
    this.#onRoom = [];
    for (const look of waiting) look();
  }

  #hasRoom(stream: string): boolean {
    const own = this.#lettersOf.get(stream) ?? 0;
    return own === 0 || (own < this.#mostLetters() && this.#bytes < mostBytes);
  }

  #someLeft(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        signal.removeEventListener("abort", finish);
        resolve();
      };
      this.#onRoom.push(finish);
      signal.addEventListener("abort", finish, { once: true });
    });
  }
}
