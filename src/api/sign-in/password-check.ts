/**
 * Checks passwords one after the other: each takes a tenth of a second of a core and 32 MiB, in the
 * same few threads that write to the disk, and strangers may ask for as many as they like.
 */
import { type PasswordHash, verifyPassword } from "./password.ts";

/** Those that wait; more are turned away. */
const mostWaiting = 16;

export class PasswordCheck {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Whether it is the one; `busy` where too many wait. */
  async check(password: string, kept: PasswordHash): Promise<boolean | "busy"> {
    if (this.#waiting >= mostWaiting) return "busy";
    this.#waiting += 1;
    const turn = this.#last.then(() => verifyPassword(password, kept));
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }
}
