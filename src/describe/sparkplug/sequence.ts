/** Whether the messages of a node follow each other: `seq` counts them from its birth on, up to 255. */
import type { Varint } from "../../normalize/codecs/sparkplug/protobuf-reader.ts";

/** `late`: it was sent before others that came already. */
export type Following = "next" | "late" | "gap";

const numbers = 256;
/** Of a message that other ones overtook. */
const mostLate = 16;

export class Sequence {
  /** Of the last message; undefined where nobody knows. */
  #last: number | undefined;
  /** Whether a message without a number may be the next. */
  #isProven = false;

  get last(): number | undefined {
    return this.#last;
  }

  /** From a birth, which may begin with any number; some encoders leave out a 0. */
  begin(seq: Varint | undefined): void {
    this.#last = Number(seq ?? 0);
    this.#isProven = true;
  }

  /** From where an earlier process was: only the very next one proves that nothing was missed. */
  resume(seq: number): void {
    this.#last = seq;
    this.#isProven = false;
  }

  lose(): void {
    this.#last = undefined;
    this.#isProven = false;
  }

  /**
   * `isOld`: it was sent before the birth. `isNewer`: later than the last one, so that it cannot be a
   * message that was overtaken or came twice: the numbers began anew.
   */
  follow(seq: Varint | undefined, isOld: boolean, isNewer: boolean): Following {
    const last = this.#last;
    if (last === undefined) {
      if (seq !== undefined) this.#last = Number(seq);
      return "gap";
    }
    if (seq === undefined && last % numbers !== numbers - 1) return this.#isProven ? "next" : "gap";
    const came = Number(seq ?? 0);
    if (modulo(came - last) === 1) {
      this.#last = came;
      this.#isProven = true;
      return "next";
    }
    // Delivered twice.
    if (came === last && !isNewer && !isOld) return this.#isProven ? "next" : "gap";
    if (isOld || (modulo(last - came) < mostLate && !isNewer)) return "late";
    this.#last = came;
    return "gap";
  }
}

function modulo(difference: number): number {
  return ((difference % numbers) + numbers) % numbers;
}
