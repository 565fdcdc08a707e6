import * as z from "zod";
import { durationWithin } from "../schema/bounded.ts";
import { type ReservedRules, shippedRules } from "./reserved/reserved-rules.ts";

const severity = z.enum(["info", "warning", "critical"]);

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
    severity: severity.default("critical").describe("How severe that is."),
  })
  .describe("A gateway says nothing at all, and has not stopped on purpose.");

const deviceSilent = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether a silent device is an alert."),
    intervals: z
      .number()
      .min(1)
      .max(1_000)
      .default(3)
      .describe(
        "So many of the intervals that its profile names, and a minute at least; devices without one are not watched (1 to 1000).",
      ),
    severity: severity.default("warning").describe("How severe that is."),
  })
  .describe("A device says nothing for several of its intervals, while its gateway listens.");

const bufferFilling = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether a buffer that fills is an alert."),
  })
  .describe(
    "What waits for the backbone fills 80 % of a gateway's buffer (warning) or 95 % (critical), or the buffer takes nothing.",
  );

const dataLost = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether records that are gone are an alert."),
    calm_after: z
      .string()
      .transform(durationWithin(60_000, 31 * 86_400_000))
      .prefault("1h")
      .describe("It ends when nothing was lost for so long (1m to 31d; ms once parsed)."),
    severity: severity
      .default("critical")
      .describe("How severe that is; where only rejected messages are gone it is a warning."),
  })
  .describe("A gateway declares that records are gone for good.");

const clockSuspect = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether a wrong clock is an alert."),
    for: z
      .string()
      .transform(durationWithin(0, 86_400_000))
      .prefault("5m")
      .describe(
        "How long nothing it sends has a time that can be believed (0s to 1d; ms once parsed).",
      ),
    severity: severity.default("warning").describe("How severe that is."),
  })
  .describe("The clock of a device is wrong, or was set back.");

const qualityBad = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether bad values are an alert."),
    for: z
      .string()
      .transform(durationWithin(0, 86_400_000))
      .prefault("10m")
      .describe("How long values of it are bad before it fires (0s to 1d; ms once parsed)."),
    severity: severity.default("warning").describe("How severe that is."),
  })
  .describe("A device goes on sending values that are bad.");

const spaceLow = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether a volume that runs out is an alert."),
    severity: severity.default("warning").describe("How severe that is."),
  })
  .describe("The volume of a gateway's buffer has little room left for it to grow.");

const diskSlow = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether a slow disk is an alert."),
    for: z
      .string()
      .transform(durationWithin(0, 86_400_000))
      .prefault("5m")
      .describe(
        "How long the longest commit of each minute takes a second and more (0s to 1d; ms once parsed).",
      ),
    severity: severity.default("warning").describe("How severe that is."),
  })
  .describe("Commits of a gateway's buffer take so long that devices wait.");

const clockStepped = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether a clock that is set is an alert."),
    calm_after: z
      .string()
      .transform(durationWithin(60_000, 31 * 86_400_000))
      .prefault("1h")
      .describe("It ends when the clock was not set for so long (1m to 31d; ms once parsed)."),
    severity: severity.default("warning").describe("How severe that is."),
  })
  .describe("The clock of a gateway was set while it knew the time.");

/** What the configuration says about alert rules: where they are written, and those that are there. */
export const rulesOptions = z
  .strictObject({
    files: z
      .array(z.string().min(1))
      .max(100)
      .default(["rules/*.yaml"])
      .describe("Rule files, as paths or globs relative to the configuration file."),
    reserved: z
      .strictObject({
        GatewayOffline: gatewayOffline.prefault({}),
        DeviceSilent: deviceSilent.prefault({}),
        BufferFilling: bufferFilling.prefault({}),
        DataLost: dataLost.prefault({}),
        ClockSuspect: clockSuspect.prefault({}),
        QualityBad: qualityBad.prefault({}),
        SpaceLow: spaceLow.prefault({}),
        DiskSlow: diskSlow.prefault({}),
        ClockStepped: clockStepped.prefault({}),
      })
      .prefault({})
      .describe("Rules that come with the program."),
  })
  .describe("Alert rules.");

export type RulesOptions = z.output<typeof rulesOptions>;

/** The reserved rules as the configuration has them. */
export function reservedRulesOf({ reserved }: RulesOptions): ReservedRules {
  const { BufferFilling, ClockSuspect, DataLost, DeviceSilent, GatewayOffline } = reserved;
  const { ClockStepped, DiskSlow, QualityBad, SpaceLow } = reserved;
  return {
    gatewayOffline: GatewayOffline.enabled
      ? { afterMs: GatewayOffline.for, severity: GatewayOffline.severity }
      : undefined,
    deviceSilent: DeviceSilent.enabled
      ? { intervals: DeviceSilent.intervals, severity: DeviceSilent.severity }
      : undefined,
    bufferFilling: BufferFilling.enabled ? shippedRules.bufferFilling : undefined,
    dataLost: DataLost.enabled
      ? { calmMs: DataLost.calm_after, severity: DataLost.severity }
      : undefined,
    clockSuspect: ClockSuspect.enabled
      ? { forMs: ClockSuspect.for, severity: ClockSuspect.severity }
      : undefined,
    qualityBad: QualityBad.enabled
      ? { forMs: QualityBad.for, severity: QualityBad.severity }
      : undefined,
    spaceLow: SpaceLow.enabled ? { forMs: 0, severity: SpaceLow.severity } : undefined,
    diskSlow: DiskSlow.enabled ? { forMs: DiskSlow.for, severity: DiskSlow.severity } : undefined,
    clockStepped: ClockStepped.enabled
      ? { calmMs: ClockStepped.calm_after, severity: ClockStepped.severity }
      : undefined,
  };
}
