/** `anomaly`: a value is not as it usually is. */
import * as z from "zod";
import type { AnomalyMethod } from "../anomaly/methods.ts";
import { refuseNoMetric, refuseSeverity, type WrittenCondition } from "./condition-kind.ts";
import { durationText } from "./duration-text.ts";

const positive = z.number().gt(0).max(1_000_000);
const common = {
  warmup: durationText.optional().describe("Nothing is judged before."),
  min_samples: z.int().min(2).max(1_000_000).optional(),
  freeze_while_firing: z.boolean().optional().describe("What is off is not learned; true."),
};
const sampleCount = z
  .string()
  .regex(/^\d{1,2} samples$/, "write a number of samples up to 99, such as 15 samples")
  .transform((text) => Number.parseInt(text, 10))
  .refine((count) => count >= 3, { message: "are too few; write 3 samples or more" });

const hourMs = 3_600_000;

const methods = z.discriminatedUnion("method", [
  z.strictObject({
    method: z.literal("ewma"),
    lambda: z.number().gt(0).max(1).optional(),
    width: positive.optional(),
    ...common,
  }),
  z.strictObject({
    method: z.literal("zscore"),
    over: durationText
      .refine((ms) => ms >= 60_000, { message: "is too short; write 1m or more" })
      .optional(),
    limit: positive.optional(),
    ...common,
  }),
  z.strictObject({
    method: z.literal("hampel"),
    over: sampleCount.optional(),
    limit: positive.optional(),
    ...common,
  }),
  z.strictObject({
    method: z.literal("cusum"),
    k: z.number().min(0).max(1_000).optional(),
    h: positive.optional(),
    ...common,
  }),
]);

export const anomalySchema = methods.transform((text): WrittenCondition => {
  const { method, ...preset } = methodOf(text);
  return {
    *refuse(rule) {
      yield* refuseSeverity(rule, false);
      yield* refuseNoMetric(rule, "an anomaly");
    },
    complete: ({ select, severity = "warning", for: forMs = 0 }) => ({
      kind: "anomaly",
      metric: select.metric ?? "",
      levels: [{ severity, forMs, limit: { kind: "above", bound: method.limit }, deadband: 0 }],
      method,
      warmupMs: text.warmup ?? preset.warmupMs,
      minSamples: text.min_samples ?? preset.minSamples,
      freezes: text.freeze_while_firing ?? true,
    }),
  };
});

/** The method, and how much it learns first where the rule does not say. */
function methodOf(text: z.output<typeof methods>): {
  readonly method: AnomalyMethod;
  readonly warmupMs: number;
  readonly minSamples: number;
} {
  const minSamples = 30;
  switch (text.method) {
    case "ewma": {
      const { lambda = 0.2, width: limit = 3 } = text;
      return { method: { name: "ewma", limit, lambda }, warmupMs: hourMs, minSamples };
    }
    case "zscore": {
      const { limit = 4, over: overMs = 24 * hourMs } = text;
      return { method: { name: "zscore", limit, overMs }, warmupMs: overMs, minSamples };
    }
    case "hampel": {
      const { limit = 4, over: samples = 15 } = text;
      return { method: { name: "hampel", limit, samples }, warmupMs: 0, minSamples: samples };
    }
    case "cusum": {
      const { h: limit = 5, k: slack = 0.5 } = text;
      return { method: { name: "cusum", limit, slack }, warmupMs: hourMs, minSamples };
    }
  }
}
