/** What is answered where a request cannot be done (RFC 9457). */
import * as z from "zod";

export const problemShape = z.strictObject({
  status: z.number().int(),
  /** Does not change; programs switch on it. */
  code: z.string(),
  /** What was tried and why it did not work. */
  title: z.string(),
  /** What to do about it. */
  advice: z.string().optional(),
  retryAfterS: z.number().int().optional(),
  /** Fields of the request that do not fit. */
  fields: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});
