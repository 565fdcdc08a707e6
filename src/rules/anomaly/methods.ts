/** The methods that find the unusual, and their parameters. */
import type { Baseline } from "./baseline.ts";
import { CusumBaseline } from "./cusum-baseline.ts";
import { EwmaBaseline } from "./ewma-baseline.ts";
import { HampelBaseline } from "./hampel-baseline.ts";
import { ZscoreBaseline } from "./zscore-baseline.ts";

/** A method with its parameters; `limit` is for the score. */
export type AnomalyMethod =
  | { readonly name: "ewma"; readonly limit: number; readonly lambda: number }
  | { readonly name: "zscore"; readonly limit: number; readonly overMs: number }
  | { readonly name: "hampel"; readonly limit: number; readonly samples: number }
  | { readonly name: "cusum"; readonly limit: number; readonly slack: number };

/** A baseline that knows nothing, or goes on where it was saved. */
export function openBaseline(method: AnomalyMethod, saved?: readonly number[]): Baseline {
  switch (method.name) {
    case "ewma":
      return new EwmaBaseline(method.lambda, saved);
    case "zscore":
      return new ZscoreBaseline(method.overMs, saved);
    case "hampel":
      return new HampelBaseline(method.samples, saved);
    case "cusum":
      return new CusumBaseline(method.slack, method.limit, saved);
  }
}
