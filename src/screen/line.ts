/** What is shown, before it is a matter of terminals: lines of parts that mean something. */

/** What a part means, and by that how it looks. Normal things are `plain`; color is for the others. */
export type Tone = "plain" | "faint" | "strong" | "warning" | "alarm" | "title";

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One row; what does not fit is cut. Texts may be of strangers: they are made harmless when drawn. */
export type Line = readonly Span[];

/** A part of a line. */
export function span(text: string, tone: Tone = "plain"): Span {
  return { text, tone };
}
