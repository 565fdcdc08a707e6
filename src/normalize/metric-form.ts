/** The form of a metric in a profile file. */
import * as z from "zod";
import { oneOrMore, scalar, text } from "./form-parts.ts";
import { metricTypes } from "./profile.ts";

/** One entry of `metrics`. */
export const metricForm = z.strictObject({
  name: text.describe("Name of the quantity; {key} stands for what a wildcard found."),
  plain: z
    .string()
    .optional()
    .describe("What {key} or another {word} may stand for without being in the name."),
  path: oneOrMore.describe("Where the value is; of several the first that leads to one."),
  except: z.array(text).default([]).describe("Keys that the wildcard does not stand for."),
  type: z
    .enum(metricTypes)
    .optional()
    .describe("What the device sends; number unless said, or only what values lists."),
  unit: text.optional().describe("SenML unit of the value after scaling."),
  scale: z.number().optional().describe("The value of the device is multiplied by this."),
  offset: z.number().optional().describe("Added after scaling."),
  range: z.tuple([z.number(), z.number()]).optional().describe("Lowest and highest good value."),
  values: z
    .record(z.string(), scalar.nullable())
    .optional()
    .describe("What the device's words mean; null for no value."),
  class: z.enum(["telemetry", "alarm"]).default("telemetry"),
});
