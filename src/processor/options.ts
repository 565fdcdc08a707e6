/** What the configuration may say about the role that evaluates alert rules. */
import * as z from "zod";
import { durationWithin } from "../schema/bounded.ts";

/** `processor`: reads the gateways' streams and appends alert transitions. */
export const processorOptions = z
  .strictObject({
    checkpoint_every: z
      .string()
      .transform(durationWithin(100, 300_000))
      .prefault("5s")
      .describe(
        "How often the state of the rules is saved; a restart reads again what came since (100ms to 5m; ms once parsed).",
      ),
    discover_every: z
      .string()
      .transform(durationWithin(100, 3_600_000))
      .prefault("5s")
      .describe("How often new gateways are looked for (100ms to 1h; ms once parsed)."),
    late_notify_after: z
      .string()
      .transform(durationWithin(100, 86_400_000))
      .prefault("5m")
      .describe(
        "A transition learned this long after it happened is marked late (100ms to 1d; ms once parsed).",
      ),
  })
  .describe("The role that evaluates alert rules.");

/** The parsed `processor` section. */
export type ProcessorOptions = z.output<typeof processorOptions>;
