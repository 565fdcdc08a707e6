/** Payloads of several lines or records, of which one that is broken costs no other. */
import type { Decoded } from "./codec.ts";

/** A payload of more lines is not read: each may become an event. */
export const maxLines = 1_024;

const maxMisfits = 8;
const maxShown = 64;

/** What is read from the lines of one payload. */
export class ReadLines {
  readonly values: unknown[] = [];
  readonly bigNumbers = new Set<string>();
  readonly #misfits: string[] = [];

  /** There are more already than are read: whatever else comes changes nothing. */
  get isFull(): boolean {
    return this.values.length > maxLines;
  }

  /** Takes down what has no value; the first few. */
  misfit(problem: string, line?: string): void {
    if (this.#misfits.length === maxMisfits) return;
    this.#misfits.push(line === undefined ? problem : `${problem}: ${line.slice(0, maxShown)}`);
  }

  /** The list of what was read; where that is nothing, why. */
  decoded(nothing: string): Decoded {
    const [first] = this.#misfits;
    if (this.values.length === 0) return { ok: false, reason: first ?? nothing };
    if (this.values.length > maxLines)
      return { ok: false, reason: `payload has more than ${maxLines} lines` };
    return this.decodedAs(this.values);
  }

  /** A value with what was taken down on the way. */
  decodedAs(value: unknown): Decoded {
    return {
      ok: true,
      value,
      ...(this.#misfits.length > 0 && { misfits: this.#misfits }),
      ...(this.bigNumbers.size > 0 && { bigNumbers: this.bigNumbers }),
    };
  }
}
