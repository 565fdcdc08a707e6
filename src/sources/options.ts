/** What the configuration may say about the ways in. */
import { z } from "zod";
import { formatSize, parseSize, sizeHint } from "../core/size.ts";
import { parseListenAddress } from "./listen-address.ts";

/** A size as text or a number of bytes, within bounds; the parsed value is bytes. */
function sizeWithin(minBytes: number, maxBytes: number) {
  return z.union([z.string(), z.number()]).transform((size, context) => {
    const bytes = parseSize(String(size));
    if (bytes !== undefined && bytes >= minBytes && bytes <= maxBytes) return bytes;
    context.addIssue({
      code: "custom",
      message:
        bytes === undefined
          ? `"${size}" is not a size; ${sizeHint}`
          : `"${size}" is outside ${formatSize(minBytes)} to ${formatSize(maxBytes)}`,
    });
    return z.NEVER;
  });
}

const listen = z.string().superRefine((text, context) => {
  if (parseListenAddress(text) !== undefined) return;
  context.addIssue({
    code: "custom",
    message: `"${text}" is not an address; write host:port, such as 127.0.0.1:1883 or [::1]:1883`,
  });
});

/** `sources[]` with `kind: mqtt-broker`: devices connect to a broker inside the gateway. */
export const mqttBrokerOptions = z.strictObject({
  kind: z.literal("mqtt-broker").describe("An MQTT 3.1.1 broker inside the gateway."),
  listen: listen
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
  limits: z
    .strictObject({
      max_packet: sizeWithin(1024, 16 * 2 ** 20)
        .prefault("256KiB")
        .describe(
          "A client that announces a larger packet is disconnected before it is read (1KiB to 16MiB; bytes once parsed).",
        ),
      max_clients: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .default(2_000)
        .describe("Connections at the same time; one more is closed at once (1 to 100000)."),
      connects_per_second: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .default(200)
        .describe(
          "New connections a second from one address; more are closed at once (1 to 100000).",
        ),
      in_flight_bytes: sizeWithin(64 * 2 ** 10, 2 ** 30)
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
