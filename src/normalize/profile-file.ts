/** The form of a profile file: what may stand in it, before anything is taken apart. */
import * as z from "zod";
import { durationHint, parseDuration } from "../core/duration.ts";
import { codecNamed, codecs } from "./codecs.ts";
import { timeFormats } from "./device-time.ts";
import { metricTypes } from "./profile.ts";

const scalar = z.union([z.number(), z.boolean(), z.string()]);
const texts = z.union([z.string(), z.array(z.string()).min(1)]);
const text = z.string().min(1);
const oneOrMore = z.union([text, z.array(text).min(1).max(16)]);

const interval = z.string().transform((written, context) => {
  const ms = parseDuration(written);
  if (ms !== undefined && ms > 0) return ms;
  context.addIssue({ code: "custom", message: `"${written}" is not a duration; ${durationHint}` });
  return z.NEVER;
});

const metric = z.strictObject({
  name: text.describe("Name of the quantity; {key} stands for what a wildcard found."),
  path: oneOrMore.describe("Where the value is; of several the first that leads to one."),
  except: z.array(text).default([]).describe("Keys that the wildcard does not stand for."),
  type: z
    .enum(metricTypes)
    .optional()
    .describe("What the device sends; number unless said, or only what values lists."),
  unit: text.optional().describe("SenML unit of the value after scaling."),
  scale: z.number().optional().describe("The value of the device is multiplied by this."),
  offset: z.number().optional().describe("Added after scaling."),
  range: z.tuple([z.number(), z.number()]).optional().describe("Lowest and highest good value."),
  values: z
    .record(z.string(), scalar.nullable())
    .optional()
    .describe("What the device's words mean; null for no value."),
  class: z.enum(["telemetry", "alarm"]).default("telemetry"),
});

const status = z.strictObject({
  topic: text.describe("Topic with {device}."),
  path: text.optional().describe("Where the text is in a JSON payload."),
  online: texts.describe("What the device says when it is there."),
  offline: texts.describe("What it, or its last will, says when it is gone."),
});

const expect = z.strictObject({
  device: text.optional(),
  time: text.optional(),
  clock: z.enum(["device", "gateway", "unsynced"]).optional(),
  counter: z.number().optional(),
  metrics: z
    .record(
      z.string(),
      z.union([
        scalar,
        z.strictObject({
          value: scalar,
          unit: text.optional(),
          quality: z.enum(["good", "uncertain", "bad"]).default("good"),
        }),
      ]),
    )
    .optional(),
  status: z.enum(["online", "offline"]).optional(),
  rejection: text.optional(),
});

const example = z.strictObject({
  about: text.optional().describe("What the example shows."),
  topic: text,
  payload: z.unknown().describe("A text as it is sent, or a value that is sent as JSON."),
  received: text.default("2030-01-01T00:00:00Z"),
  will: z.boolean().default(false),
  expect,
});

/** The form of a profile file, before anything in it is taken apart. */
export const profileFile = z.strictObject({
  profile: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9_-]*\/[a-z0-9][a-z0-9_.-]*$/,
      "a profile is named maker/model in lower case",
    ),
  version: z.int().min(1).max(1_000_000),
  about: text.max(400),
  family: z
    .string()
    .regex(/^[a-z0-9]{1,32}$/, "a family is 1 to 32 letters and digits in lower case")
    .optional()
    .describe("How ids of discovered devices begin; the maker unless said."),
  device: z
    .strictObject({
      prefix: z
        .string()
        .regex(
          /^(?:\{[a-z][a-z_]*\}-){1,8}$/,
          'write words of the topic with a hyphen behind each: "{application}-"',
        )
        .describe("Words of the topic that tell devices of one name apart."),
    })
    .optional(),
  match: z
    .strictObject({
      topic: oneOrMore.describe("Topics of measurements, with {device}."),
      device: oneOrMore.optional().describe("How device ids begin, written with a * at the end."),
    })
    .optional(),
  codec: z
    .enum(codecs.map(({ name }) => name))
    .default(codecs[0].name)
    .transform(codecNamed)
    .describe("How the bytes of a message are read."),
  time: z.union([
    z.literal("none"),
    z.strictObject({
      path: text,
      format: z.enum(timeFormats),
      zone: text.optional().describe("utc or +02:00, for texts without a zone."),
      max_age: interval
        .optional()
        .describe("Readings may be this old, for loggers; time.max_age of the configuration else."),
    }),
  ]),
  identity: z.strictObject({ counter: text, boot: text.optional() }).optional(),
  interval: interval.optional(),
  metrics: z.array(metric).min(1).max(256),
  status: z.array(status).max(8).default([]),
  alive: z.array(text).max(32).default([]),
  examples: z.array(example).min(1).max(100),
});

/** The value of a profile file, of the right form; what it says may still be wrong. */
export type ProfileFile = z.output<typeof profileFile>;
