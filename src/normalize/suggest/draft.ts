import type { GuessedMetric } from "./guess-metric.ts";

/** Fields of a profile file without examples, in the order in which they are written. */
export type Draft = Readonly<Record<string, unknown>> & {
  readonly metrics: readonly GuessedMetric[];
};
