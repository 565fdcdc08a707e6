/** `expr`: an expression over the metrics of a device. */
import * as z from "zod";
import { GatewayError } from "../../core/errors.ts";
import { RuleExpression } from "../rule-expression.ts";
import { refuseFields, refuseSeverity, type WrittenCondition } from "./condition-kind.ts";
import { expressionIssue } from "./expression-schema.ts";

/** `value` is known where the rule is; until then any metric stands for it. */
const anyMetric = "value";

const expression = z.string().superRefine((text, context) => {
  const found = RuleExpression.compile(text, anyMetric);
  if ("problem" in found) context.addIssue(expressionIssue(found));
});

export const exprSchema = z
  .strictObject({
    fire: expression.describe("The condition, in CEL: m.door == true && m.temperature > 8."),
    clear: expression.optional().describe("What ends it; absent: that fire does not hold."),
    on_error: z.enum(["keep", "fire"]).optional(),
  })
  .transform(
    (text): WrittenCondition => ({
      *refuse(rule) {
        yield* refuseSeverity(rule, false);
        yield* refuseFields(rule, ["for_samples"], "several metrics have no common samples, so no");
        for (const field of ["fire", "clear"] as const) {
          const found = RuleExpression.compile(text[field] ?? "true", rule.select.metric);
          const path = ["condition", "expr", field];
          if ("problem" in found) yield { path, message: expressionIssue(found).message };
        }
      },
      complete({ select, severity = "warning", for: forMs = 0 }) {
        const fire = compiled(text.fire, select.metric);
        const clear = text.clear === undefined ? undefined : compiled(text.clear, select.metric);
        const reads = [fire, clear].flatMap((each) => (each ? [each.reads] : []));
        const metrics = reads.flatMap((each) => [
          ...each.metrics,
          ...each.ages.map(({ metric }) => metric),
        ]);
        const onError = text.on_error ?? "keep";
        return {
          kind: "expr",
          severity,
          forMs,
          fire,
          clear,
          onError,
          metrics: [...new Set(metrics)],
        };
      },
    }),
  );

/** What was refused before is completed all the same, with what nobody evaluates. */
function compiled(text: string, metric: string | undefined): RuleExpression {
  const found = RuleExpression.compile(text, metric ?? anyMetric);
  if ("problem" in found) throw new GatewayError("internal.bug", found.problem);
  return found;
}
