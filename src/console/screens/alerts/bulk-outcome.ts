/** What became of something that was done to several alerts, in words. */

/** `null` where it was done, else why it was not. */
export interface OneOutcome {
  readonly name: string;
  readonly refused: string | null;
}

export interface BulkWords {
  /** `12 of 14 acknowledged`. */
  readonly head: string;
  /** One for each that was refused: `MotorHot motor-3: bo acknowledged it already`. */
  readonly refused: readonly string[];
}

export function bulkWords(outcomes: readonly OneOutcome[], done: string): BulkWords {
  const refused = outcomes.flatMap(({ name, refused: why }) =>
    why === null ? [] : [`${name}: ${why}`],
  );
  const all = outcomes.length;
  const count = all - refused.length;
  return { head: count === all ? `${all} ${done}` : `${count} of ${all} ${done}`, refused };
}
