/**
 * What is usual, as a method of finding the unusual knows it. It learns the values that it is given
 * and says of the next how far off it is; it knows no clock but the time that counted while it learned,
 * so that outages, clocks that are set and alerts that fire for days leave it as it is.
 *
 * Each is a few numbers, whatever was learned: 25 panes of three for `zscore`, up to 99 values for
 * `hampel`, three and four for the others.
 */
export interface Baseline {
  /** A value that is usual, or what is learned before anything is judged. */
  learn(value: number, countedMs: number): void;
  /** How far off a value is; undefined where nothing was learned. */
  judge(value: number, finest: Resolution): Judgment | undefined;
  forget(): void;
  toState(): readonly number[];
}

export interface Judgment {
  readonly expected: number;
  /** What a limit is compared with; finite, never negative. */
  readonly score: number;
}

/** The finest step between readings: no scale is finer than that. */
export interface Resolution {
  /** Undefined while all readings were the same. */
  readonly step: number | undefined;
}

/** Beyond this, a score says nothing more. */
const largestScore = 1e9;

/** A score within bounds. */
export function bounded(score: number): number {
  return Math.min(Math.abs(score), largestScore);
}

/**
 * How much is much, for values that deviate by so much: never finer than their resolution, since a
 * sensor that most often says the same has no deviation. Of what never varied, nobody knows what is
 * much; a hundredth of it is taken. Undefined where that is nothing.
 */
export function scaleOf(
  deviation: number,
  expected: number,
  { step }: Resolution,
): number | undefined {
  const scale = step === undefined ? Math.abs(expected) / 100 : Math.max(deviation, step);
  return scale > 0 ? scale : undefined;
}
