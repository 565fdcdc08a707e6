/** What the configuration says about the backbone. */
import { z } from "zod";
import { durationHint, formatDuration, parseDuration } from "../core/duration.ts";
import { formatSize, parseSize, sizeHint } from "../core/size.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** How long and how much a stream keeps. */
const retentionOptions = z
  .strictObject({
    max_age: z
      .string()
      .transform((text, context) => {
        const ms = parseDuration(text);
        if (ms !== undefined && ms >= minuteMs && ms <= 3_650 * dayMs) return ms;
        const message =
          ms === undefined
            ? `"${text}" is not a duration; ${durationHint}`
            : `"${text}" is outside ${formatDuration(minuteMs)} to ${formatDuration(3_650 * dayMs)}`;
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      })
      .prefault("7d")
      .describe("How long the stream keeps an event (1m to 3650d; ms once parsed)."),
    max_bytes: z
      .union([z.string(), z.number()])
      .transform((size, context) => {
        const bytes = parseSize(String(size));
        if (bytes !== undefined && bytes >= 2 ** 20) return bytes;
        const message =
          bytes === undefined
            ? `"${size}" is not a size; ${sizeHint}`
            : `"${size}" is below ${formatSize(2 ** 20)}`;
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      })
      .optional()
      .describe(
        "How much the stream keeps before it forgets the oldest events (1MiB or more; bytes once parsed); without it only age counts.",
      ),
  })
  .describe("What the stream of a gateway keeps; used when the stream is created.");

/** `backbone`: where JetStream is and how events travel there. */
export const backboneOptions = z
  .strictObject({
    servers: z
      .array(
        z
          .string()
          .regex(
            /^(?:(?:nats|tls):\/\/)?[^@/\s]+$/,
            "write nats://host:port or tls://host:port; credentials go into a file that `credentials` names",
          ),
      )
      .min(1)
      .max(32)
      .default(["nats://127.0.0.1:4222"])
      .describe(
        "Servers of the backbone; TLS is used where a server offers it, and demanded when one is written tls://.",
      ),
    credentials: z
      .strictObject({
        file: z
          .string()
          .min(1)
          .describe("A .creds file or an nkey seed; read again at each connect."),
      })
      .optional()
      .describe("Who we are to the backbone; without it we connect without a name."),
    replicas: z
      .int()
      .min(1)
      .max(5)
      .default(1)
      .describe("Copies of each stream in a cluster; used when a stream is created."),
    retention: retentionOptions.prefault({}),
    durable_acks: z
      .boolean()
      .default(false)
      .describe(
        "The servers sync to disk before they acknowledge (sync_interval: always), so nothing need be held back for sending again.",
      ),
    window: z
      .int()
      .min(1)
      .max(2_048)
      .default(512)
      .describe("How many events may be on their way unacknowledged."),
  })
  .describe("The NATS JetStream backbone.");

/** The parsed form of `backbone`: durations in milliseconds, sizes in bytes. */
export type BackboneOptions = z.output<typeof backboneOptions>;
