/** `rate`: how fast a value changes. */
import * as z from "zod";
import { refuseNoMetric, refuseSeverity, type WrittenCondition } from "./condition-kind.ts";
import { durationText } from "./duration-text.ts";
import { checkLimits, levelsOf, limitFields, refuseFor } from "./limit-schema.ts";

const limits = new Set(["above", "below", "outside", "inside"]);

export const rateSchema = z
  .strictObject({
    ...limitFields,
    per: durationText.optional().describe("Limits are changes within this time; 1m."),
    over: durationText.optional().describe("The samples of so long a time make the line; 5m."),
    abs: z.boolean().optional().describe("Falling counts as rising."),
  })
  .superRefine(checkLimits)
  .superRefine(({ over, per }, context) => {
    for (const [field, ms] of Object.entries({ over, per }))
      if (ms === 0)
        context.addIssue({ code: "custom", path: [field], message: "must be longer than nothing" });
  })
  .transform((text): WrittenCondition => {
    const { abs = false, over = 300_000, per = 60_000 } = text;
    return {
      *refuse(rule) {
        yield* refuseSeverity(rule, text.levels !== undefined);
        yield* refuseNoMetric(rule, "a rate");
        yield* refuseFor(text, rule);
        for (const { limit } of levelsOf(text, rule)) {
          const path = ["condition", "rate"];
          if (!limits.has(limit.kind))
            yield { path, message: "a rate has no value to be equal to; write above or below" };
          if (abs && limit.kind === "below" && Number(limit.bound) <= 0)
            yield { path, message: "with abs no rate is below zero; write above" };
        }
      },
      complete: (rule) => ({
        kind: "rate",
        metric: rule.select.metric ?? "",
        levels: levelsOf(text, rule),
        perMs: per,
        overMs: over,
        isAbsolute: abs,
      }),
    };
  });
