/** `record:`: how a rule that makes a series is written. */
import * as z from "zod";
import { NamedZone } from "../../core/named-zone.ts";
import { isUnit } from "../../core/unit.ts";
import { type Agg, aggs } from "../panes/aggregate.ts";
import { wallGrid } from "../panes/pane-grid.ts";
import type { RecordRule } from "../series/record-rule.ts";
import { durationText } from "./duration-text.ts";
import { isOneMetric, selectSchema, toSelect } from "./select-schema.ts";
import { seriesLabelsSchema } from "./text-schema.ts";

const everyMs = { "1m": 60_000, "15m": 900_000, "1h": 3_600_000, "1d": 86_400_000 } as const;

/** What a series can be made of; `stddev` and `delta` are for conditions. */
const recordAggs = aggs.filter((agg) => agg !== "stddev" && agg !== "delta");

/** Longer, and too many panes would be open at once. */
const mostOpenPanes = 2_000;

export const recordSchema = z
  .strictObject({
    record: z
      .string()
      .max(128)
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a name of a series; use letters, digits and _"),
    description: z.string().optional(),
    enabled: z.boolean().default(true),
    select: selectSchema,
    agg: z.enum(recordAggs as [Agg, ...Agg[]]),
    every: z.enum(["1m", "15m", "1h", "1d"]),
    zone: z
      .string()
      .refine((name) => NamedZone.of(name) !== undefined, {
        message: "is no zone of the IANA database; write one such as Europe/Berlin",
      })
      .default("UTC"),
    per: z
      .enum(["device", "gateway", "site"])
      .default("device")
      .describe("What one series is of: a device, or a gateway."),
    schedule: z
      .unknown()
      .refine(() => false, {
        message: "a series is made at all times; give schedule to the rule that asks for it",
      })
      .optional()
      .describe("Not of series: give it to the rule that asks for one."),
    lateness: durationText.optional(),
    quality: z
      .array(z.enum(["good", "uncertain", "bad"]))
      .min(1)
      .default(["good"]),
    unit: z
      .string()
      .refine(isUnit, { message: "is no unit; write one of SenML, such as Cel, W or kWh" })
      .optional(),
    labels: seriesLabelsSchema.default({}),
  })
  .superRefine((text, context) => {
    const refuse = (path: string[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    if (!isOneMetric(text.select.metric))
      refuse(["select", "metric"], "a series is made of one metric; name it");
    if (text.per === "site")
      refuse(
        ["per"],
        "a site has no series, since a gateway that is away would hold it back or leave it wrong; write per: gateway and join them where they are read, or an alert with per: site",
      );
    if (text.agg === "last" && text.per !== "device")
      refuse(["agg"], "the last value of several devices is that of any; take avg or sum");
    if ((text.lateness ?? 0) > mostOpenPanes * everyMs[text.every])
      refuse(["lateness"], "too many panes would be open at once; make it at most 2000 panes long");
  })
  .transform((text): RecordRule => {
    const { agg, enabled, every, labels, lateness = 300_000, per, quality } = text;
    const { record, select, unit, zone } = text;
    return {
      ...{ record, enabled, agg, every, zone, quality, labels, unit },
      per: per === "gateway" ? per : "device",
      select: toSelect(select),
      metric: isOneMetric(select.metric) ? select.metric : "",
      grid: wallGrid(everyMs[every], zoneOf(zone)),
      latenessMs: lateness,
    };
  });

function zoneOf(name: string): NamedZone {
  const zone = NamedZone.of(name) ?? NamedZone.of("UTC");
  if (!zone) throw new Error("this engine knows no zones");
  return zone;
}
