/** What the configuration may say about a broker outside. */
import * as z from "zod";
import { problemOfFilter } from "../../core/topic-filter.ts";
import { durationWithin, sizeWithin } from "../../schema/bounded.ts";
import { secretReference } from "../../schema/secret-reference.ts";
import { parseBrokerUrl } from "./broker-url.ts";

/** A size as text or a number of bytes; the parsed value is bytes. */
function size(minBytes: number, maxBytes: number) {
  return z.union([z.string(), z.number()]).transform(sizeWithin(minBytes, maxBytes));
}

/** A duration as text; the parsed value is milliseconds. */
function duration(minMs: number, maxMs: number) {
  return z.string().transform(durationWithin(minMs, maxMs));
}

const path = z.string().min(1).max(4096);
/** What goes into a CONNECT or SUBSCRIBE as one text. */
const word = z.string().min(1).max(1024);

const filter = word.superRefine((text, context) => {
  const message = text.startsWith("$share/")
    ? 'write the filter alone, and the group in "share"'
    : problemOfFilter(text);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

const topic = z.union([
  filter.transform((text) => ({ filter: text, qos: 1 as const })),
  z.strictObject({
    filter,
    qos: z.union([z.literal(0), z.literal(1)]).default(1),
  }),
]);

const tlsOptions = z
  .strictObject({
    ca: path
      .optional()
      .describe("PEM file with those who may vouch for the broker, in place of the system's own."),
    cert: path.optional().describe("PEM file with the certificate to show to the broker."),
    key: path.optional().describe("PEM file with the private key of `cert`."),
    server_name: word
      .optional()
      .describe("The name in the broker's certificate, where it is not the host of `url`."),
    verify: z
      .boolean()
      .default(true)
      .describe("False believes any certificate, so that anybody between can read and write."),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    message: "cert and key go together",
  });

/** `sources[]` with `kind: mqtt-client`: devices speak to a broker outside, and the gateway fetches. */
export const mqttClientOptions = z.strictObject({
  kind: z.literal("mqtt-client").describe("A client of an MQTT broker outside."),
  url: z
    .string()
    .superRefine((text, context) => {
      const parsed = parseBrokerUrl(text);
      if ("problem" in parsed)
        context.addIssue({ code: "custom", message: `url ${parsed.problem}` });
    })
    .describe(
      "The broker: mqtt://host:1883, mqtts://host:8883 for TLS, or over WebSocket ws://host:8083/mqtt, wss://host/mqtt.",
    ),
  version: z
    .union([z.literal(5), z.literal("3.1.1")])
    .default(5)
    .describe("MQTT version: 5 where the broker speaks it, else 3.1.1."),
  client_id: word
    .optional()
    .describe(
      "The name of the session at the broker, of this source alone; sluicegate-<site>-<gateway> where nothing is written.",
    ),
  topics: z
    .array(topic)
    .min(1)
    .max(1_000)
    .describe("Topic filters to subscribe to, or {filter, qos} with QoS 0 or 1; 1 loses nothing."),
  share: z
    .string()
    .regex(/^[^/+#\0]{1,128}$/, "a group is a name without /, + and #")
    .optional()
    .describe(
      "Several gateways share the messages as a group of this name, each message to one of them: the order of a device is lost.",
    ),
  user: word.optional().describe("The user name at the broker."),
  password: secretReference.optional().describe("Where the password of the user is found."),
  tls: tlsOptions.optional().describe("Certificates, for mqtts:// only."),
  keep_alive: duration(1_000, 12 * 3_600_000)
    .prefault("60s")
    .describe(
      "How long a connection may be silent before it counts as lost (1s to 12h; ms once parsed).",
    ),
  session_expiry: duration(0, 365 * 86_400_000)
    .prefault("7d")
    .describe(
      "How long the broker shall keep messages for a gateway that is away (0s to 365d; ms once parsed). MQTT 3.1.1 leaves it to the broker.",
    ),
  limits: z
    .strictObject({
      max_packet: size(1024, 16 * 2 ** 20)
        .prefault("1MiB")
        .describe(
          "A larger packet is not read: MQTT 5 brokers do not send it, from others it ends the connection (1KiB to 16MiB; bytes once parsed).",
        ),
      in_flight_messages: z
        .number()
        .int()
        .min(1)
        .max(65_535)
        .default(1_000)
        .describe(
          "Messages that may wait for the disk before nothing more is read, and that an MQTT 5 broker is told to send unacknowledged (1 to 65535).",
        ),
      in_flight_bytes: size(64 * 2 ** 10, 2 ** 30)
        .prefault("16MiB")
        .describe(
          "What may wait for the disk before nothing more is read (64KiB to 1GiB; bytes once parsed).",
        ),
    })
    .prefault({})
    .describe("Bounds on what a broker can cost."),
});

/** The parsed form of a `mqtt-client` source. */
export type MqttClientOptions = z.output<typeof mqttClientOptions>;
