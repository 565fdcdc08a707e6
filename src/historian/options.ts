/** What the configuration may say about history in a time-series database. */
import * as z from "zod";
import { durationWithin, sizeWithin } from "../schema/bounded.ts";
import { secretFieldsOf, secretReference } from "../schema/secret-reference.ts";

const batchOptions = z
  .strictObject({
    points: z
      .int()
      .min(1)
      .max(20_000)
      .default(5_000)
      .describe("Points in one write, at most (1 to 20,000)."),
    bytes: z
      .union([z.string(), z.number()])
      .transform(sizeWithin(4_096, 16 * 1_048_576))
      .prefault("1MiB")
      .describe("Size of one write, about (4KiB to 16MiB; bytes once parsed)."),
    age: z
      .string()
      .transform(durationWithin(10, 60_000))
      .prefault("1s")
      .describe("How long a point waits for others (10ms to 1m; ms once parsed)."),
  })
  .describe("What is written together.");

const historianFields = z.strictObject({
  kind: z
    .enum(["influx", "victoria-metrics"])
    .default("influx")
    .describe("InfluxDB (1.x; 2.x and 3.x by their endpoint for 1.x), or VictoriaMetrics."),
  url: z
    .url({ protocol: /^https?$/, error: "write an address that begins with http:// or https://" })
    .describe("Address of the database; without user and password."),
  database: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, "a database is 1 to 64 of A-Z a-z 0-9 _ . -")
    .default("sluicegate")
    .describe("Its name, in 2.x the bucket's; InfluxDB 1.x makes it where it is missing."),
  username: z.string().min(1).max(256).optional().describe("Who writes; with password."),
  password: secretReference.optional().describe("The password of username."),
  token: secretReference
    .optional()
    .describe("Token of InfluxDB 2.x or 3.x, in place of username and password."),
  keep: z
    .string()
    .transform(durationWithin(3_600_000, 36_500 * 86_400_000))
    .optional()
    .describe(
      "How long points are kept, by a retention policy of its own in InfluxDB 1.x (1h to 36500d; ms once parsed); without it by the database's usual one.",
    ),
  timeout: z
    .string()
    .transform(durationWithin(100, 300_000))
    .prefault("30s")
    .describe("How long an answer is waited for (100ms to 5m; ms once parsed)."),
  tls: z
    .strictObject({
      ca: z
        .string()
        .min(1)
        .max(4_096)
        .describe("File in PEM with the CA of the database, relative to the configuration file."),
    })
    .optional()
    .describe("How the database's certificate is checked; without it by the usual CAs."),
  batch: batchOptions.prefault({}),
});

/** `historian`: where history is written. */
export const historianOptions = historianFields
  .superRefine(({ keep, kind, password, token, url, username }, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    if (/^https?:\/\/[^/?#]*@/.test(url))
      refuse(
        "url",
        "a user and a password do not belong into an address; write username: and password:",
      );
    if (username !== undefined && password === undefined)
      refuse("username", "a username needs a password: password: { file: influx.password }");
    if (password !== undefined && username === undefined)
      refuse("password", "a password needs a username");
    if (token !== undefined && username !== undefined)
      refuse("token", "name a token, or username and password, not both");
    if (keep !== undefined && token !== undefined)
      refuse(
        "keep",
        "keep makes a retention policy of InfluxDB 1.x, which has no tokens; set at the bucket how long it keeps its points",
      );
    if (keep !== undefined && kind === "victoria-metrics")
      refuse(
        "keep",
        "VictoriaMetrics keeps everything equally long; start it with -retentionPeriod",
      );
  })
  .describe("History in a time-series database; without it the streams are the history.");

/** The parsed `historian` section. */
export type HistorianOptions = z.output<typeof historianOptions>;

/** Names of the fields that name secrets. */
export const historianSecrets = secretFieldsOf(historianFields.shape);
