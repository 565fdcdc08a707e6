/** The form of a metric in a profile file. */
import * as z from "zod";
import { metricTypes } from "../profile.ts";
import { oneOrMore, scalar, text } from "./form-parts.ts";

/** One value of a device or several. */
const scalars = z.union([scalar, z.array(scalar).min(1).max(64)]);

const namedUnit = z.strictObject({
  path: text.describe("Where the message names the unit; may have the wildcard of the metric."),
  values: z
    .record(z.string(), text)
    .default({})
    .describe("Which units the words of the device mean, beside those that are known anyway."),
  to: text
    .optional()
    .describe(
      "SenML unit of the metric, which values are converted to; the named one unless said.",
    ),
  senml: z
    .literal(true)
    .optional()
    .describe("The words are SenML units, none of which may mean another thing."),
  else: text.optional().describe("Unit of a message that names none; that of `to` unless said."),
});

/** One entry of `metrics`. */
export const metricForm = z.strictObject({
  name: text.describe("Name of the quantity; {key} stands for what a wildcard found."),
  plain: z
    .string()
    .optional()
    .describe("What {key} or another {word} may stand for without being in the name."),
  path: oneOrMore
    .optional()
    .describe("Where the value is; of several the first that leads to one."),
  value: text
    .optional()
    .describe("An expression (CEL) over the message in place of a path: double(v) * double(i)."),
  where: z
    .record(z.string(), oneOrMore)
    .optional()
    .describe("What words of the topic have to be, so that the metric is looked for."),
  otherwise: z
    .literal(true)
    .optional()
    .describe("Looked for only where no metric with where is: for all that is left."),
  except: z
    .array(text)
    .default([])
    .describe("Keys that the wildcard does not stand for; * is any part of one."),
  type: z
    .enum(metricTypes)
    .optional()
    .describe("What the device sends; number unless said, or only what values lists."),
  parse: z
    .literal("number")
    .optional()
    .describe("Texts are read as numbers: sign, decimal comma, thousands, unit behind it."),
  unit: z
    .union([text, namedUnit])
    .optional()
    .describe("SenML unit of the value after scaling, or where the message names the unit."),
  from: text
    .optional()
    .describe("Unit that the device sends in, where it is another than unit: degF, kPa, mph."),
  none: scalars.optional().describe("What the device sends where it has no value."),
  bad: scalars.optional().describe("What it sends where the value is not to be trusted at all."),
  uncertain: scalars.optional().describe("What may be a value and may be none."),
  quality: z
    .literal("uncertain")
    .optional()
    .describe("What a value is at best: for values that the device itself calls unsteady."),
  probe: oneOrMore
    .optional()
    .describe("Keys beside the value that identify a probe; its name then does not change."),
  scale: z.number().optional().describe("The value of the device is multiplied by this."),
  offset: z.number().optional().describe("Added after scaling."),
  range: z.tuple([z.number(), z.number()]).optional().describe("Lowest and highest good value."),
  values: z
    .record(z.string(), scalar.nullable())
    .optional()
    .describe("What the device's words mean; null for no value."),
  class: z.enum(["telemetry", "alarm"]).default("telemetry"),
});
