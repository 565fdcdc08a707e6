/**
 * What a person got wrong in a file. A fault knows its place in the value (`path`); whoever read
 * the file knows the line, and adds it.
 */

export interface Fault {
  /** Dotted, from the table in the README: `config.unknown-field`, `rule.bad-duration`. */
  readonly code: string;
  /** From the root of the file's value. */
  readonly path: readonly (string | number)[];
  /** True when the key itself is wrong, not the value behind it. */
  readonly atKey?: boolean;
  /** What is wrong, in lower case and without a full stop. */
  readonly message: string;
  /**
   * Names of files in message and hint, which are shown whatever they look like. Only for a message that
   * quotes nothing else that people wrote.
   */
  readonly names?: readonly string[];
  /** What to write instead. */
  readonly hint?: string;
  /** A warning does not make the file invalid. Default: `error`. */
  readonly severity?: "error" | "warning";
}

/** A value that was checked as a whole: either it is right, or here is everything wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Fault[] }
  | { readonly ok: false; readonly faults: readonly Fault[] };
