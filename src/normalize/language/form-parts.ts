/** What several parts of the form of a profile file are made of. */
import * as z from "zod";
import { durationHint, parseDuration } from "../../core/duration.ts";

/** A value as YAML writes it. */
export const scalar = z.union([z.number(), z.boolean(), z.string()]);
/** A text that may be empty, or several. */
export const texts = z.union([z.string(), z.array(z.string()).min(1)]);
/** A text that says something. */
export const text = z.string().min(1);
/** Up to 16 of them; a single one needs no list. */
export const oneOrMore = z.union([text, z.array(text).min(1).max(16)]);

/** A duration above zero, in ms once parsed. */
export const interval = z.string().transform((written, context) => {
  const ms = parseDuration(written);
  if (ms !== undefined && ms > 0) return ms;
  context.addIssue({ code: "custom", message: `"${written}" is not a duration; ${durationHint}` });
  return z.NEVER;
});
