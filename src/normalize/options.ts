/** What the configuration may say about devices, their profiles and their clocks. */
import * as z from "zod";
import { isId } from "../core/ids.ts";
import { problemOfFilter } from "../core/topic-filter.ts";
import { durationWithin, sizeWithin } from "../schema/bounded.ts";

/** Text such as `64MiB`, or a number of bytes. */
const size = z.union([z.string(), z.number()]);

const id = z.string().refine(isId, "an id is 1 to 128 characters without control characters");

const topicFilter = z
  .string()
  .max(512)
  .superRefine((text, context) => {
    const message = problemOfFilter(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

/** `profiles`: which profiles are loaded and what happens to devices that none describes. */
export const profilesOptions = z.strictObject({
  generic: z
    .boolean()
    .default(false)
    .describe(
      "Accept JSON from devices that no profile describes: every number, boolean and text in it becomes a metric without a unit.",
    ),
  ignore: z
    .array(topicFilter)
    .max(1_000)
    .default([])
    .describe(
      "Topics (+ and # allowed) that are noise at this site: their messages are counted and not stored, whoever would read them.",
    ),
  watch: z
    .boolean()
    .default(false)
    .describe(
      "Look every 5 s whether the configuration, a profile of your own or a rule file changed, and read profiles, devices and rules again then; faults change nothing.",
    ),
  descriptions: z
    .boolean()
    .default(true)
    .describe(
      "Read devices that no profile describes as they describe themselves: Home Assistant discovery, Homie, births of Sparkplug B, and the topics of Tasmota discovery.",
    ),
  discovery_prefix: z
    .string()
    .regex(/^[^+#]{1,128}$/, "a prefix of topics has no + and no #")
    .default("homeassistant")
    .describe("The topic in front of Home Assistant's discovery messages."),
  folders: z
    .array(z.string().min(1))
    .max(64)
    .default([])
    .describe(
      "Folders with profiles of your own, <maker>/<model>.yaml, beside those that come with sluicegate; yours win over a shipped one of the same name.",
    ),
});

/** `devices[]`: one device that is known before it speaks. */
export const deviceOptions = z.strictObject({
  id: id.describe("The device's name in events and rules."),
  profile: z
    .string()
    .min(1)
    .describe("Which profile reads its messages, as maker/model without a version."),
  topic: topicFilter
    .optional()
    .describe(
      "Topic filter (+ and # allowed) of its messages; without it those on topics of its profile's family that call it so, and those whose credentials name it.",
    ),
  interval: z
    .string()
    .transform(durationWithin(100, 7 * 86_400_000))
    .optional()
    .describe(
      "How often it is expected to report, in place of what the profile says (100ms to 7d; ms once parsed).",
    ),
  tags: z
    .record(z.string().min(1).max(64), z.string().max(256))
    .default({})
    .describe("Texts that rules and routes select by, such as area: cold-store."),
  attrs: z
    .record(z.string().min(1).max(64), z.union([z.number(), z.boolean(), z.string().max(256)]))
    .default({})
    .describe(
      "Facts about this device that rules may use as limits, such as max_temperature: -15.",
    ),
  probes: z
    .record(z.string().min(1).max(128), z.string().max(64))
    .transform((names) => new Map(Object.entries(names)))
    .optional()
    .describe(
      'Names of the probes at this device by their identity, or by the key of one that has none: "3C01D6AAAAA2": supply gives temperature_supply, and "" the plain name.',
    ),
});

/** `time`: how far device clocks are believed and how often the gateway's is written. */
export const timeOptions = z.strictObject({
  max_skew: z
    .string()
    .transform(durationWithin(1_000, 86_400_000))
    .prefault("5m")
    .describe(
      "A device time further ahead than this is replaced by the time of receipt (1s to 1d; ms once parsed).",
    ),
  max_age: z
    .string()
    .transform(durationWithin(60_000, 3_660 * 86_400_000))
    .prefault("30d")
    .describe(
      "A device time older than this is a wrong clock and replaced by the time of receipt; a profile of loggers may allow more (1m to 3660d; ms once parsed).",
    ),
  catch_up: z
    .string()
    .transform(durationWithin(0, 3_600_000))
    .prefault("10s")
    .describe(
      "How long after a start the watermark stands still, so that devices that queued meanwhile are not declared absent (0s to 1h; ms once parsed).",
    ),
  watermark_every: z
    .string()
    .transform(durationWithin(50, 60_000))
    .prefault("1s")
    .describe("How often a watermark is written while data flows (50ms to 1m; ms once parsed)."),
});

/** `rejections`: what is kept of a message that does not fit. */
export const rejectionsOptions = z.strictObject({
  max_payload: size
    .transform(sizeWithin(0, 2 ** 20))
    .prefault("64KiB")
    .describe(
      "How much of the payload a rejection keeps for processing it again (0 to 1MiB; bytes once parsed).",
    ),
});

/** The parsed form of one `devices` entry. */
export type DeviceOptions = z.output<typeof deviceOptions>;
