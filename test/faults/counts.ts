import type { ArmResult } from "./arm.ts";

/** What became of acknowledged events, as a ledger or the judge of a log counts them. */
export interface Counts {
  readonly acked: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Default: 0. */
  readonly declaredLost?: number;
}

/** The counts of all together. */
export function sumCounts(counts: readonly Counts[]): Required<Counts> {
  const sum = (of: (one: Counts) => number): number =>
    counts.reduce((all, one) => all + of(one), 0);
  return {
    acked: sum(({ acked }) => acked),
    lost: sum(({ lost }) => lost),
    duplicated: sum(({ duplicated }) => duplicated),
    reordered: sum(({ reordered }) => reordered),
    declaredLost: sum(({ declaredLost = 0 }) => declaredLost),
  };
}

/** What a control showed that must be harmed. */
export function controlOf(harm: number): ArmResult["control"] {
  return harm > 0 ? "harmed" : "unharmed";
}
