/**
 * Notices that nothing at all comes through a connection. A machine that was switched off says no
 * goodbye: without a new connection it would not be heard again when it is back.
 */

/** After 4 requests in a row, then after 16, 64, ...: a bus whose devices are off is not torn for ever. */
const factor = 4;

export class SilenceWatch {
  readonly #restart: (words: string) => void;
  #inARow = 0;
  #limit = factor;

  constructor(restart: (words: string) => void) {
    this.#restart = restart;
  }

  note(isSilence: boolean): void {
    if (!isSilence) {
      this.#inARow = 0;
      this.#limit = factor;
      return;
    }
    this.#inARow += 1;
    if (this.#inARow < this.#limit) return;
    this.#limit *= factor;
    this.#restart(`nothing came for ${this.#inARow} requests`);
  }
}
