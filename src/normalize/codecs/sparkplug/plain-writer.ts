import type { Meant } from "./meant.ts";

const mostMisfits = 16;
const mostCharacters = 200;

/** Makes plain values of what stands in payloads, and takes down what of it is none. */
export class PlainWriter {
  readonly #bigNumbers = new Set<string>();
  readonly #misfits: string[] = [];

  /** A number that is too big to be one becomes the text of its digits. */
  scalar(value: Meant): number | boolean | string | null {
    if (typeof value !== "bigint") return value;
    const text = String(value);
    this.#bigNumbers.add(text);
    return text;
  }

  misfit(sentence: string): null {
    if (this.#misfits.length < mostMisfits) this.#misfits.push(sentence.slice(0, mostCharacters));
    return null;
  }

  notes(): { readonly bigNumbers?: ReadonlySet<string>; readonly misfits?: readonly string[] } {
    return {
      ...(this.#bigNumbers.size > 0 && { bigNumbers: this.#bigNumbers }),
      ...(this.#misfits.length > 0 && { misfits: this.#misfits }),
    };
  }
}
