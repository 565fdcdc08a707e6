/** What the configuration may say about the role that evaluates alert rules. */
import { z } from "zod";
import { durationHint, formatDuration, parseDuration } from "../core/duration.ts";

function durationWithin(minMs: number, maxMs: number) {
  return z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms;
    context.addIssue({
      code: "custom",
      message:
        ms === undefined
          ? `"${text}" is not a duration; ${durationHint}`
          : `"${text}" is outside ${formatDuration(minMs)} to ${formatDuration(maxMs)}`,
    });
    return z.NEVER;
  });
}

/** `processor`: reads the gateways' streams and appends alert transitions. */
export const processorOptions = z
  .strictObject({
    checkpoint_every: durationWithin(100, 300_000)
      .prefault("5s")
      .describe(
        "How often the state of the rules is saved; a restart reads again what came since (100ms to 5m; ms once parsed).",
      ),
    discover_every: durationWithin(100, 3_600_000)
      .prefault("5s")
      .describe("How often new gateways are looked for (100ms to 1h; ms once parsed)."),
    late_notify_after: durationWithin(1_000, 86_400_000)
      .prefault("5m")
      .describe(
        "A transition learned this long after it happened is marked late (1s to 1d; ms once parsed).",
      ),
  })
  .describe("The role that evaluates alert rules.");

/** The parsed `processor` section. */
export type ProcessorOptions = z.output<typeof processorOptions>;
