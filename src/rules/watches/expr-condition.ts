import type { Severity } from "../../core/alert.ts";
import type { RuleExpression } from "../rule-expression.ts";

/** An expression over several metrics of one device holds. */
export interface ExprCondition {
  readonly kind: "expr";
  readonly severity: Severity;
  readonly forMs: number;
  readonly fire: RuleExpression;
  /** What holds stays so until this does; absent: until `fire` does not. */
  readonly clear: RuleExpression | undefined;
  /** An expression that fails makes the condition unknown, or counts as a breach. */
  readonly onError: "keep" | "fire";
  /** All metrics that it looks at. */
  readonly metrics: readonly string[];
}
