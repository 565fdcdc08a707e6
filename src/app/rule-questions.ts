import type { Questions } from "../core/question.ts";
import type { Processor } from "../processor/processor.ts";

/** What may be asked about the rules of the partitions that this process holds. */
export function ruleQuestions(processor: Pick<Processor, "rules">): Questions {
  return {
    "explain-alert": async ({ alert = "", device = "" }) => ({
      instances: processor.rules().flatMap((rules) => rules.explain(alert, device)),
    }),
    "rule-tally": async () => ({ rules: processor.rules().flatMap((rules) => rules.tally()) }),
  };
}
