/** How a rule says which devices it is about. */
import * as z from "zod";
import { maxGlobLength } from "../../core/glob.ts";
import type { Select } from "../rule.ts";

const pattern = z.string().min(1).max(maxGlobLength);
const patterns = z.union([pattern, z.array(pattern).min(1)]);

export const selectSchema = z.strictObject({
  profile: patterns.optional(),
  site: patterns.optional(),
  gateway: patterns.optional(),
  device: patterns.optional(),
  metric: z
    .union([z.string().min(1), patterns])
    .optional()
    .describe("One; with per: metric a pattern or a list."),
  tags: z.record(z.string(), patterns).optional(),
});

/** The selection behind checked text. */
export function toSelect(text: z.output<typeof selectSchema>): Select {
  const { profile, site, gateway, device, metric, tags } = text;
  return {
    ...(profile !== undefined && { profile: listOf(profile) }),
    ...(site !== undefined && { site: listOf(site) }),
    ...(gateway !== undefined && { gateway: listOf(gateway) }),
    ...(device !== undefined && { device: listOf(device) }),
    ...(isOneMetric(metric) && { metric }),
    ...(metric !== undefined && !isOneMetric(metric) && { metrics: listOf(metric) }),
    tags: Object.fromEntries(
      Object.entries(tags ?? {}).map(([name, value]) => [name, listOf(value)]),
    ),
  };
}

/** True for a name; a list and a pattern may be several. */
export function isOneMetric(metric: string | readonly string[] | undefined): metric is string {
  return typeof metric === "string" && !metric.includes("*");
}

function listOf(text: string | readonly string[]): readonly string[] {
  return typeof text === "string" ? [text] : text;
}
