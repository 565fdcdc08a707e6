/** What the configuration may say about a broker, and a users file about who may connect to it. */
import * as z from "zod";
import { isId, toDeviceId } from "../../core/ids.ts";
import { isTopicFilter } from "../../core/topic-filter.ts";
import { sizeWithin } from "../../schema/bounded.ts";
import { listenOption } from "../../schema/listen-option.ts";
import { tlsOption } from "../tls-option.ts";
import { parsePasswordHash } from "./password.ts";

/** A size as text or a number of bytes; the parsed value is bytes. */
function size(minBytes: number, maxBytes: number) {
  return z.union([z.string(), z.number()]).transform(sizeWithin(minBytes, maxBytes));
}

/** `sources[]` with `kind: mqtt-broker`: devices connect to a broker inside the gateway. */
export const mqttBrokerOptions = z.strictObject({
  kind: z
    .literal("mqtt-broker")
    .describe("An MQTT broker inside the gateway, versions 3.1.1 and 5."),
  listen: listenOption
    .default("127.0.0.1:1883")
    .describe(
      "Host and port that devices connect to; port 0 takes a free one. Any host but a loopback address needs users.",
    ),
  users: z
    .strictObject({
      file: z
        .string()
        .min(1)
        .describe("The YAML file with the users, relative to the configuration file."),
    })
    .optional()
    .describe(
      "Who may connect; without it everybody who reaches the address, which must then be a loopback one.",
    ),
  tls: tlsOption
    .optional()
    .describe("Devices speak TLS, on all ports of the broker; files that change are read again."),
  websocket: z
    .strictObject({
      listen: listenOption
        .default("127.0.0.1:8083")
        .describe("Host and port; port 0 takes a free one."),
      origins: z
        .array(
          z
            .string()
            .regex(/^https?:\/\/[^/\s]+$/, 'write a site as browsers do: "https://panel.example"'),
        )
        .max(64)
        .default([])
        .describe("Web sites whose pages may connect; programs need not be listed."),
    })
    .optional()
    .describe("A second port of the broker, for MQTT over WebSocket."),
  limits: z
    .strictObject({
      max_packet: size(1024, 16 * 2 ** 20)
        .prefault("1MiB")
        .describe(
          "Of a larger message the beginning is kept, in a rejection; other packets that are larger, messages beyond 64MiB, and any from clients of MQTT 5, who are told the limit, close the connection (1KiB to 16MiB; bytes once parsed).",
        ),
      max_clients: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .default(2_000)
        .describe("Connections at the same time; one more is closed at once (1 to 100000)."),
      max_clients_per_address: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .default(1_000)
        .describe(
          "Of them from one address, so that one machine cannot take every place (1 to 100000).",
        ),
      connects_per_second: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .default(200)
        .describe(
          "New connections a second from one address; more are closed at once (1 to 100000).",
        ),
      in_flight_bytes: size(64 * 2 ** 10, 2 ** 30)
        .prefault("16MiB")
        .describe(
          "What may wait for the disk before clients are held back; one client may use an eighth of it (64KiB to 1GiB; bytes once parsed).",
        ),
    })
    .prefault({})
    .describe("Bounds on what clients can cost."),
});

/** The parsed form of a `mqtt-broker` source. */
export type MqttBrokerOptions = z.output<typeof mqttBrokerOptions>;

const topicFilters = z
  .array(
    z
      .string()
      .refine(
        (text) => isTopicFilter(text) && !text.startsWith("$"),
        'a topic filter has "+" alone between slashes, "#" alone at the end, and no "$" in front',
      ),
  )
  .max(1_000)
  .default([]);

/** One entry of a users file: who it is and what the broker lets it do. */
const mqttUserOptions = z.strictObject({
  user: z
    .string()
    .refine(isId, "a user name has 1 to 128 characters, none of control")
    .describe("The MQTT user name."),
  password_hash: z
    .string()
    .transform((text, context) => {
      const hash = parsePasswordHash(text);
      if (hash !== undefined) return hash;
      context.addIssue({
        code: "custom",
        message: "is not a $7$ password hash; copy the part after the colon from mosquitto_passwd",
      });
      return z.NEVER;
    })
    .optional()
    .describe(
      "PBKDF2-SHA512 as mosquitto_passwd writes it: $7$iterations$salt$hash. Without it only a certificate with the user's name lets him in.",
    ),
  device: z
    .string()
    .refine(isId, "an id is 1 to 128 characters without control characters")
    .transform(toDeviceId)
    .optional()
    .describe(
      "The device that these credentials belong to; wins over anything a topic or payload says.",
    ),
  publish: topicFilters.describe(
    "Topic filters that it may publish to; a publish outside them is refused, which disconnects a client of MQTT 3.1.1.",
  ),
  subscribe: topicFilters.describe(
    "Topic filters that it may subscribe to, and narrower ones; others are refused.",
  ),
});

/** The parsed form of one entry of a users file. */
export type MqttUserOptions = z.output<typeof mqttUserOptions>;

/** A users file: a list of users. */
export const mqttUsersOptions = z.array(mqttUserOptions).max(100_000);
