/** The form of a profile file: what may stand in it, before anything is taken apart. */
import * as z from "zod";
import { epochUnits } from "../times/epoch-time.ts";
import { codecFields, openForm } from "./codec-form.ts";
import { commandForm } from "./command-form.ts";
import { exampleForm } from "./example-form.ts";
import { interval, oneOrMore, text, texts } from "./form-parts.ts";
import { metricForm } from "./metric-form.ts";
import { noiseFields } from "./noise-form.ts";

const status = z.strictObject({
  topic: text.describe("Topic with {device}."),
  path: text.optional().describe("Where the text is in a JSON payload."),
  known: z
    .boolean()
    .default(false)
    .describe("Only of devices that were met by their measurements, where others use such topics."),
  online: texts.describe("What the device says when it is there."),
  offline: texts.describe("What it, or its last will, says when it is gone."),
});

function explainNoTime({ input }: { readonly input?: unknown }): string | undefined {
  if (input !== undefined) return undefined;
  return 'missing field "time"; where messages tell no time: time: none';
}

const time = z.strictObject({
  path: text,
  format: text.describe(
    "rfc3339, epoch, epoch_s, epoch_ms, epoch_us, or a pattern: yyyy-MM-dd HH:mm:ss.",
  ),
  unit: z
    .enum(epochUnits)
    .optional()
    .describe("What epoch counts; auto tells it by the size of the number."),
  zone: text
    .optional()
    .describe(
      "utc, +02:00 or a name as Europe/Berlin, for texts without a zone; unknown for those that only tell old from new.",
    ),
  max_age: interval
    .optional()
    .describe("Readings may be this old, for loggers; time.max_age of the configuration else."),
});

const eachForm = z.strictObject({
  path: oneOrMore.describe(
    "Where the list or map is, of several the first that leads to one; paths begin at its members.",
  ),
  whole: z
    .literal(true)
    .optional()
    .describe("What is there is one member itself, so that paths begin at it."),
  key: z
    .string()
    .regex(/^(?!key$)[a-z][a-z_]*$/, "a word has small letters and _, and is not key")
    .optional()
    .describe("What the key of a member is: device, or a {word} for names of metrics."),
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
      path: oneOrMore
        .optional()
        .describe(
          "Where a message says whom it is from; the first that leads to a text or number.",
        ),
      prefix: z
        .string()
        .regex(
          /^(?:\{[a-z][a-z_]*\}-){1,8}$/,
          'write words of the topic with a hyphen behind each: "{application}-"',
        )
        .optional()
        .describe("Words of the topic, or keys of members, that tell devices of one name apart."),
    })
    .optional(),
  match: z
    .strictObject({
      topic: oneOrMore.describe(
        "Topics of measurements, with {device} unless messages name it; {word...} takes one or more levels.",
      ),
      device: oneOrMore.optional().describe("How device ids begin, written with a * at the end."),
    })
    .optional(),
  ...noiseFields,
  ...codecFields,
  when: text
    .optional()
    .describe("Messages for which this CEL expression holds; others go to the next profile."),
  each: z
    .union([eachForm, z.array(eachForm).min(1).max(4)])
    .optional()
    .describe("Lists or maps whose members are events of their own, the inner one behind."),
  words: z
    .record(
      z.string().regex(/^(?!key$|device$)[a-z][a-z_]*$/, "a word has small letters and _"),
      oneOrMore,
    )
    .default({})
    .describe("Values of the message, or of its member, that are {words} of names and prefix."),
  open: z
    .union([openForm, z.array(openForm).min(1).max(8)])
    .optional()
    .describe("What is inside the message: base64, hex or JSON in a text."),
  time: z.union([z.literal("none"), time, z.array(time).min(1).max(8)], { error: explainNoTime }),
  identity: z.strictObject({ counter: text, boot: text.optional() }).optional(),
  interval: interval.optional(),
  simulated: text
    .optional()
    .describe("True at this path: the message was made up for a trial; its values are uncertain."),
  metrics: z.array(metricForm).min(1).max(256),
  status: z.array(status).max(8).default([]),
  alive: z
    .array(text)
    .max(32)
    .default([])
    .describe("Paths that say that the device lives, where nothing else is left unread."),
  skip: z
    .array(text)
    .max(256)
    .default([])
    .describe("Paths that nobody reads, on purpose; with * and ** as in metrics."),
  examples: z.array(exampleForm).min(1).max(100),
  commands: z.array(commandForm).max(64).optional().describe("What its devices can be told to do."),
  commands_from: text
    .optional()
    .describe(
      "The profile whose commands these devices take, where another reads their other topics.",
    ),
});

/** The value of a profile file, of the right form; what it says may still be wrong. */
export type ProfileFile = z.output<typeof profileFile>;
