import * as z from "zod";
import { durationHintFor, parseDuration } from "../../core/duration.ts";

/** A duration as a rule writes it; milliseconds once parsed. */
export const durationText = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({
    code: "custom",
    message: `"${text}" is not a duration`,
    params: { code: "bad-duration", hint: durationHintFor(text) },
  });
  return z.NEVER;
});
