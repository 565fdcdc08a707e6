/** `stuck`: a value stays where it is for too long. */
import * as z from "zod";
import { refuseNoMetric, refuseSeverity, type WrittenCondition } from "./condition-kind.ts";
import { durationText } from "./duration-text.ts";

export const stuckSchema = z
  .strictObject({
    longer_than: durationText.optional(),
    samples: z.int().min(2).max(1_000_000).optional(),
    tolerance: z.number().min(0).optional().describe("How far readings may lie apart; 0."),
  })
  .superRefine(({ longer_than, samples }, context) => {
    if ((longer_than === undefined) === (samples === undefined))
      context.addIssue({
        code: "custom",
        message: "needs one of two; write longer_than or samples",
      });
    if (longer_than === 0)
      context.addIssue({
        code: "custom",
        path: ["longer_than"],
        message: "must be longer than nothing",
      });
  })
  .transform(
    (text): WrittenCondition => ({
      *refuse(rule) {
        yield* refuseSeverity(rule, false);
        yield* refuseNoMetric(rule, "a stuck value");
      },
      complete: ({ select, severity = "warning", for: forMs = 0 }) => ({
        kind: "stuck",
        metric: select.metric ?? "",
        levels: [{ severity, forMs, limit: { kind: "equals", value: true }, deadband: 0 }],
        longerThanMs: text.longer_than,
        samples: text.samples,
        tolerance: text.tolerance ?? 0,
      }),
    }),
  );
