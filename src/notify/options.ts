/** What the configuration may say about who is told of alerts, and how. */
import * as z from "zod";
import { suggest } from "../core/suggest.ts";
import { durationWithin } from "../schema/bounded.ts";

const receiverName = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}$/,
    "a receiver's name is 1 to 64 letters, digits, underscores and hyphens",
  );

/** Where a secret is found; it never stands in the configuration itself. */
const secretReference = z.union([
  z.strictObject({
    env: z.string().min(1).max(256).describe("Name of the environment variable that holds it."),
  }),
  z.strictObject({
    file: z.string().min(1).max(4096).describe("Path of the file whose first line it is."),
  }),
]);

const logReceiver = z.strictObject({
  kind: z.literal("log").describe("Writes one line per transition to standard output."),
  format: z
    .enum(["json", "text"])
    .default("json")
    .describe("A line of JSON for programs, or a sentence for people."),
});

const webhookReceiver = z.strictObject({
  kind: z.literal("webhook").describe("Posts each transition to an address."),
  url: z
    .url({ protocol: /^https?$/, error: "write an address that begins with http:// or https://" })
    .describe("Address that takes the POST."),
  format: z
    .enum(["raw", "cloudevents"])
    .default("raw")
    .describe("The transition itself, or a CloudEvent in structured JSON around it."),
  secret: secretReference
    .optional()
    .describe("Key of the HMAC-SHA256 in the header X-Signature; without it none is sent."),
  timeout: z
    .string()
    .transform(durationWithin(100, 120_000))
    .prefault("10s")
    .describe("How long an answer is waited for (100ms to 2m; ms once parsed)."),
  give_up_after: z
    .string()
    .transform(durationWithin(60_000, 30 * 86_400_000))
    .prefault("24h")
    .describe(
      "How long a notice is tried before it becomes a dead letter (1m to 30d; ms once parsed).",
    ),
});

const receiverOptions = z.discriminatedUnion("kind", [logReceiver, webhookReceiver]);

/** `notify`: receivers of alert transitions. */
export const notifyOptions = z
  .strictObject({
    receivers: z
      .record(receiverName, receiverOptions)
      .prefault({ log: { kind: "log" } })
      .describe("Receivers by name: log or webhook."),
    default: z
      .array(receiverName)
      .max(64)
      .optional()
      .describe("Names of the receivers that are told of every transition; without it all are."),
  })
  .superRefine(checkDefault, {
    // A receiver with a fault is there all the same.
    when: ({ issues, value }) =>
      isRecord(value) &&
      isRecord(value["receivers"]) &&
      !issues.some(({ path }) => path?.[0] === "default"),
  })
  .describe("Who is told of alerts.");

function checkDefault(
  options: {
    readonly receivers: object;
    readonly default?: readonly string[] | undefined;
  },
  context: z.RefinementCtx,
): void {
  const names = Object.keys(options.receivers);
  for (const [index, name] of options.default?.entries() ?? []) {
    if (names.includes(name)) continue;
    const meant = suggest(name, names);
    const hint = meant ? `did you mean ${meant}?` : `there is ${names.join(", ") || "none"}`;
    context.addIssue({
      code: "custom",
      path: ["default", index],
      message: `no receiver is named ${name}`,
      params: { code: "unknown-receiver", hint },
    });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The parsed `notify` section. */
export type NotifyOptions = z.output<typeof notifyOptions>;
/** One receiver, told apart by `kind`. */
export type ReceiverOptions = z.output<typeof receiverOptions>;
export type WebhookOptions = z.output<typeof webhookReceiver>;
/** `{env: NAME}` or `{file: path}`. */
export type SecretReference = z.output<typeof secretReference>;
