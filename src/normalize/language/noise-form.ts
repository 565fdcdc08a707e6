/** The form of what a profile says about messages that nobody needs. */
import * as z from "zod";
import { sizeWithin } from "../../schema/bounded.ts";
import { interval, oneOrMore, text } from "./form-parts.ts";

/** Fields of a profile file. */
export const noiseFields = {
  ignore: z
    .array(text.max(512))
    .max(64)
    .default([])
    .describe(
      "Topics that are noise: filters with + and #, or templates with {word...}. Counted, not stored.",
    ),
  repeat: z
    .strictObject({
      within: interval.describe("So long after the first one another is the same."),
      by: oneOrMore.describe(
        "What has to be equal: paths, payload for all bytes, metrics for all that is measured.",
      ),
    })
    .optional()
    .describe("The same reading that comes twice, as through two radios, is stored once."),
  limits: z
    .strictObject({
      max_payload: z
        .union([z.string(), z.number()])
        .transform(sizeWithin(1, 2 ** 20))
        .optional()
        .describe("A larger payload is a rejection (up to 1MiB; bytes once parsed)."),
    })
    .optional(),
};
