/** The messages of a group, as they are asked for. */
import type { DeadLetter } from "../../../api/shapes/dead-letter.ts";

export interface Letters {
  readonly messages: readonly DeadLetter[];
  /** False where older ones may be out of reach. */
  readonly complete: boolean;
}

/** A line of JSON for each, to be looked at or tried with other tools. */
export function ndjsonOf(messages: readonly DeadLetter[]): string {
  return messages.map((letter) => `${JSON.stringify(letter)}\n`).join("");
}
