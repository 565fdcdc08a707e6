import * as z from "zod";
import { durationWithin } from "../schema/bounded.ts";

/** `alerts`: what operators may do about them. */
export const alertsOptions = z
  .strictObject({
    max_shelve: z
      .string()
      .transform(durationWithin(60_000, 31 * 86_400_000))
      .prefault("1d")
      .describe("No alert is shelved for longer (1m to 31d; ms once parsed)."),
  })
  .describe("What people may do about alerts.");

/** The parsed `alerts` section. */
export type AlertsOptions = z.output<typeof alertsOptions>;
