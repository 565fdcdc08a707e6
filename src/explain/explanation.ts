/** What `sluicegate explain` says of one code. */

export interface Explanation {
  /** What it means, in a part of a sentence. */
  readonly means: string;
  /** Why it happens, in whole sentences. */
  readonly why: string;
  /** What to do next, in whole sentences. */
  readonly next: string;
}

/** The same of a code whose meaning stands elsewhere. */
export type Help = Pick<Explanation, "why" | "next">;
