/** `schedule`: the times of the week at which a rule is judged. */
import * as z from "zod";
import { weekTimesSchema } from "../../schema/week-times-schema.ts";

/** One, or several of which one must fit. */
export const scheduleField = z
  .union([weekTimesSchema, z.array(weekTimesSchema).min(1).max(64)])
  .transform((written) => [written].flat());
