/** The whole of `sluicegate.yaml`, put together from what each room says about its own section. */
import * as z from "zod";
import { alertsOptions } from "../alerts/options.ts";
import { consoleOptions } from "../api/options.ts";
import { bridgeOptions } from "../bridge/options.ts";
import { bufferOptions } from "../buffer/options.ts";
import { isId } from "../core/ids.ts";
import { historianOptions } from "../historian/options.ts";
import {
  deviceOptions,
  profilesOptions,
  rejectionsOptions,
  timeOptions,
} from "../normalize/options.ts";
import { notifyOptions } from "../notify/options.ts";
import { plansOptions } from "../plans/options.ts";
import { processorOptions } from "../processor/options.ts";
import { rulesOptions } from "../rules/options.ts";
import { sourcesOptions } from "../sources/options.ts";
import { backboneOptions } from "../stream/options.ts";
import { logOptions, statusOptions } from "../telemetry/options.ts";
import { traceOptions } from "../trace/options.ts";
import { gatewayOptions, idRule } from "./options.ts";

/** The whole configuration. Durations are milliseconds and sizes bytes once parsed. */
export const siteSchema = z.strictObject({
  site: z
    .string()
    .refine(isId, idRule)
    .default("site")
    .describe("The place where the devices are; the unit that a rule processor owns as a whole."),
  gateway: gatewayOptions,
  sources: sourcesOptions,
  devices: z
    .array(deviceOptions)
    .max(10_000)
    .prefault([])
    .describe("Devices that are known before they speak."),
  profiles: profilesOptions.prefault({}).describe("How devices are read."),
  time: timeOptions.prefault({}).describe("Clocks and watermarks."),
  rejections: rejectionsOptions.prefault({}).describe("Messages that do not fit."),
  buffer: bufferOptions.prefault({}),
  backbone: backboneOptions.prefault({}),
  rules: rulesOptions.prefault({}),
  plans: plansOptions.prefault({}),
  processor: processorOptions.prefault({}),
  alerts: alertsOptions.prefault({}),
  notify: notifyOptions.prefault({}),
  historian: historianOptions.optional(),
  bridge: bridgeOptions.prefault([]),
  trace: traceOptions.optional(),
  console: consoleOptions.prefault({}),
  status: statusOptions.prefault({}),
  log: logOptions.prefault({}),
});

/** The parsed configuration. */
export type SiteConfig = z.output<typeof siteSchema>;
