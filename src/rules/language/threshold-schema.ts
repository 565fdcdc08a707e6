/** `threshold`: a value is beyond a limit, or beyond limits of several levels. */
import * as z from "zod";
import { refuseNoMetric, refuseSeverity, type WrittenCondition } from "./condition-kind.ts";
import { checkLimits, levelsOf, limitFields, refuseFor } from "./limit-schema.ts";

export const thresholdSchema = z
  .strictObject(limitFields)
  .superRefine(checkLimits)
  .transform(
    (text): WrittenCondition => ({
      *refuse(rule) {
        yield* refuseSeverity(rule, text.levels !== undefined);
        yield* refuseNoMetric(rule, "a threshold");
        yield* refuseFor(text, rule);
      },
      complete: (rule) => ({
        kind: "threshold",
        metric: rule.select.metric ?? "",
        levels: levelsOf(text, rule),
      }),
    }),
  );
