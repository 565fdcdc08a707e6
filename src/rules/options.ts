import * as z from "zod";
import { durationWithin } from "../schema/bounded.ts";
import type { ReservedRules } from "./reserved-rules.ts";

const gatewayOffline = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether a gateway that says nothing is an alert."),
    for: z
      .string()
      .transform(durationWithin(15_000, 86_400_000))
      .prefault("60s")
      .describe(
        "How long it says nothing before it fires, by the hub's clock (15s to 1d; ms once parsed).",
      ),
    severity: z
      .enum(["info", "warning", "critical"])
      .default("critical")
      .describe("How severe that is."),
  })
  .describe("A gateway says nothing at all, and has not stopped on purpose.");

/** What the configuration says about alert rules: where they are written, and those that are there. */
export const rulesOptions = z
  .strictObject({
    files: z
      .array(z.string().min(1))
      .max(100)
      .default(["rules/*.yaml"])
      .describe("Rule files, as paths or globs relative to the configuration file."),
    reserved: z
      .strictObject({ GatewayOffline: gatewayOffline.prefault({}) })
      .prefault({})
      .describe("Rules that come with the program."),
  })
  .describe("Alert rules.");

export type RulesOptions = z.output<typeof rulesOptions>;

/** The reserved rules as the configuration has them. */
export function reservedRulesOf({ reserved }: RulesOptions): ReservedRules {
  const { enabled, for: afterMs, severity } = reserved.GatewayOffline;
  return { gatewayOffline: enabled ? { afterMs, severity } : undefined };
}
