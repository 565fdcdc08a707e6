/**
 * Shows alerts at an MQTT broker: what fires stands under its topic as a retained message, for sirens,
 * lamps and panels; what is over and needs nobody any more is taken away again.
 */
import * as z from "zod";
import { secretReference } from "../../schema/secret-reference.ts";
import { receiverKind } from "../receiver-kind.ts";
import { parseServerUrl } from "../server-url.ts";
import { MqttBoard } from "./mqtt-board.ts";
import { parseAlertTopic } from "./mqtt-topic.ts";
import { caOption, giveUpAfterOption, timeoutOption } from "./parts.ts";

const mqttOptions = z.strictObject({
  kind: z.literal("mqtt").describe("Shows each alert as a retained message of an MQTT broker."),
  url: z
    .string()
    .transform((text, context) => {
      const parsed = parseServerUrl(text, [
        ["mqtt", 1883],
        ["mqtts", 8883],
      ]);
      if (typeof parsed !== "string") return parsed;
      context.addIssue({ code: "custom", message: `url: ${parsed}` });
      return z.NEVER;
    })
    .describe("The broker: mqtt://host:1883, or mqtts://host:8883 for TLS."),
  topic: z
    .string()
    .transform((text, context) => {
      const parsed = parseAlertTopic(text);
      if (typeof parsed !== "string") return parsed;
      context.addIssue({ code: "custom", message: parsed });
      return z.NEVER;
    })
    .prefault("sluicegate/alerts/{{ site }}/{{ alertname }}/{{ instance }}")
    .describe(
      "Topic of an alert, of its labels, {{ alertname }}, {{ severity }} and {{ instance }}; alerts that can fire at once need topics of their own.",
    ),
  user: z.string().min(1).max(256).optional().describe("The user name at the broker."),
  password: secretReference.optional().describe("Password of the user."),
  client_id: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe("Name of the client, where the broker wants one; no other may have it."),
  ca: caOption,
  timeout: timeoutOption,
  give_up_after: giveUpAfterOption,
});

export const mqtt = receiverKind(mqttOptions, async (options, surroundings) => {
  const { clock, readSecret, readText } = surroundings;
  // What speaks MQTT is large, and every command reads the options above.
  const { MqttPublisher } = await import("./mqtt-publisher.ts");
  const publisher = new MqttPublisher(
    {
      url: options.url,
      clientId: options.client_id ?? "",
      user: options.user,
      password: options.password && (await readSecret(options.password)).reveal(),
      ca: options.ca && (await readText(options.ca)),
      timeoutMs: options.timeout,
    },
    clock,
  );
  const board = new MqttBoard(options.topic, publisher);
  return {
    giveUpAfterMs: options.give_up_after,
    alone: true,
    deliver: (notice, signal) => board.show(notice, signal),
    attend: (alerts, signal) => board.attend(alerts, signal, clock),
  };
});
