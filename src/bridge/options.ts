/** What the configuration may say about where streams are carried on to. */
import * as z from "zod";
import { type EventKind, eventKinds, isEventKind } from "../core/event-kind.ts";
import { parseTopicTemplate } from "../core/filled-topic.ts";
import { maxGlobLength } from "../core/glob.ts";
import { durationWithin } from "../schema/bounded.ts";
import { secretFieldsOf, secretReference } from "../schema/secret-reference.ts";

const globs = (what: string, more = "") =>
  z
    .array(z.string().min(1).max(maxGlobLength))
    .min(1)
    .max(256)
    .optional()
    .describe(`${what} by name, * for any characters and ? for one; without it all.${more}`);

const kindNames = Object.keys(eventKinds).filter(isEventKind);
const usualKinds: EventKind[] = ["measurement", "status", "gap"];

const whatOptions = z
  .strictObject({
    kinds: z
      .array(z.enum(kindNames))
      .max(kindNames.length)
      .default(usualKinds)
      .describe("Kinds of events; none with [], for a target of alerts alone."),
    sites: globs("Sites"),
    gateways: globs("Gateways"),
    devices: globs("Devices", " With it none of a gateway's own events."),
    alerts: z.boolean().default(false).describe("Alert transitions of these sites, too."),
  })
  .describe("What is carried.");

const file = z.string().min(1).max(4_096);
const tlsOptions = z
  .strictObject({
    ca: file.optional().describe("The CA of the target, in place of the usual ones."),
    cert: file.optional().describe("The certificate of this bridge, with key."),
    key: file.optional().describe("Its private key, without a passphrase."),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: "cert and key belong together",
  })
  .describe("Files in PEM, relative to the configuration file; read at each connect.");

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,47}$/, "a name is 1 to 48 of a-z 0-9 _ -")
  .describe("Its name, for ever: where it stands is kept under it.");
const mode = z
  .enum(["binary", "structured"])
  .default("binary")
  .describe(
    "How CloudEvents are written: attributes as headers and the data as the body, or all of it as one JSON.",
  );
const timeout = z
  .string()
  .transform(durationWithin(100, 300_000))
  .prefault("10s")
  .describe("How long an answer is waited for (100ms to 5m; ms once parsed).");
const common = { name, what: whatOptions.prefault({}), mode, timeout, tls: tlsOptions.optional() };
const user = {
  username: z.string().min(1).max(256).optional().describe("Who we are there; with password."),
  password: secretReference.optional().describe("The password of username."),
};
const address = (schemes: string) =>
  z
    .string()
    .max(2_048)
    .refine((text) => new RegExp(`^(?:${schemes})://[^/?#@\\s]+(?:/[^?#\\s]*)?$`).test(text), {
      error: `write ${schemes.split("|")[0]}://host, without a user; that stands in username: and password:`,
    });
const topic = (usual: string, what: string) =>
  z
    .string()
    .transform((text, context) => {
      const parsed = parseTopicTemplate(text);
      if (typeof parsed !== "string") return parsed;
      context.addIssue({ code: "custom", message: parsed });
      return z.NEVER;
    })
    .prefault(usual)
    .describe(what);
const kafkaName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,249}$/, "a topic of Kafka is 1 to 249 of A-Z a-z 0-9 . _ -");

const kafkaOptions = z.strictObject({
  kind: z.literal("kafka").describe("Kafka: exactly once, by transactions."),
  ...common,
  brokers: z
    .array(z.string().regex(/^[^\s/@]+:\d{1,5}$/, "write host:9092"))
    .min(1)
    .max(32)
    .describe("Some brokers of the cluster; the others are found."),
  topic: kafkaName.default("sluicegate.events").describe("Where events go; its key is the device."),
  alerts_topic: kafkaName.default("sluicegate.alerts").describe("Where alert transitions go."),
  positions_topic: kafkaName
    .default("sluicegate.positions")
    .describe("Where it is kept what was carried, a compacted topic; made where it is missing."),
  transactional_id: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,200}$/, "it is 1 to 200 of A-Z a-z 0-9 . _ -")
    .optional()
    .describe("What its transactions are named after; without it sluicegate-<name>."),
  mechanism: z
    .enum(["plain", "scram-sha-256", "scram-sha-512"])
    .default("scram-sha-512")
    .describe("How username and password are shown (SASL)."),
  ...user,
});

const rabbitOptions = z.strictObject({
  kind: z.literal("rabbitmq").describe("RabbitMQ, and what else speaks AMQP 0-9-1."),
  ...common,
  url: address("amqp|amqps").describe("amqp://host:5672/vhost, or amqps:// for TLS."),
  exchange: z
    .string()
    .regex(/^[^\p{Cc}]{1,127}$/u, "an exchange is 1 to 127 characters")
    .default("sluicegate")
    .describe(
      "A topic exchange; made where it is missing. Routing keys are subjects of the backbone.",
    ),
  ...user,
});

const mqttOptions = z.strictObject({
  kind: z.literal("mqtt").describe("Another MQTT broker, by MQTT 5."),
  ...common,
  url: address("mqtt|mqtts").describe("mqtt://host:1883, or mqtts:// for TLS."),
  topic: topic(
    "sluicegate/{{ site }}/{{ gateway }}/{{ device }}/{{ kind }}",
    "Topic of an event, of {{ site }}, {{ gateway }}, {{ device }} and {{ kind }}.",
  ),
  alerts_topic: topic(
    "sluicegate/{{ site }}/alerts/{{ rule }}/{{ instance }}",
    "Topic of an alert transition, of {{ site }}, {{ rule }} and {{ instance }}.",
  ),
  qos: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe("1, or 2 with a step more."),
  client_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "it is 1 to 64 of A-Z a-z 0-9 _ -")
    .optional()
    .describe("What our clients are named after; without it the broker names them."),
  ...user,
});

const httpOptions = z.strictObject({
  kind: z.literal("http").describe("CloudEvents over HTTP, a POST for each."),
  ...common,
  url: z
    .url({ protocol: /^https?$/, error: "write an address that begins with http:// or https://" })
    .refine((text) => !/^https?:\/\/[^/?#]*@/.test(text), {
      error: "a user does not belong into an address; write username: and password:",
    })
    .describe("Where events are posted."),
  token: secretReference.optional().describe("A bearer token, in place of username and password."),
  connections: z.int().min(1).max(64).default(8).describe("How many at a time (1 to 64)."),
  ...user,
});

const targetOptions = z
  .discriminatedUnion("kind", [kafkaOptions, rabbitOptions, mqttOptions, httpOptions])
  .superRefine((target, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    if ((target.username === undefined) !== (target.password === undefined))
      refuse("username", "username and password belong together: password: { file: NAME }");
    if (target.kind === "http" && target.token !== undefined && target.username !== undefined)
      refuse("token", "name a token, or username and password, not both");
    if (target.what.kinds.length === 0 && !target.what.alerts)
      refuse("what", "nothing is carried; name kinds, or alerts: true");
  });

/** `bridge`: where streams are carried on to. */
export const bridgeOptions = z
  .array(targetOptions)
  .max(32)
  .superRefine((targets, context) => {
    const names = targets.map((target) => target.name);
    for (const [at, each] of names.entries())
      if (names.indexOf(each) < at)
        context.addIssue({
          code: "custom",
          path: [at, "name"],
          message: `another target is named ${each}`,
        });
  })
  .describe(
    "Where streams are carried on to: Kafka, RabbitMQ, MQTT, HTTP; the role bridge does it.",
  );

/** The parsed form of one target: durations in milliseconds. */
export type TargetOptions = z.output<typeof targetOptions>;
export type KafkaOptions = z.output<typeof kafkaOptions>;
export type RabbitOptions = z.output<typeof rabbitOptions>;
export type MqttOptions = z.output<typeof mqttOptions>;
export type HttpOptions = z.output<typeof httpOptions>;
export type WhatOptions = z.output<typeof whatOptions>;

/** Names of the fields that name secrets. */
export const bridgeSecrets = secretFieldsOf(httpOptions.shape);
