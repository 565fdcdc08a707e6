/** A target that is another MQTT broker, as the MQTT protocol binding of CloudEvents has it for MQTT 5. */
import { fillTopic } from "../core/filled-topic.ts";
import { partsOf, structuredType } from "./cloud-event.ts";
import { carriedByName } from "./event-letter.ts";
import type { Letter } from "./letter.ts";
import type { LetterLink, LinkDependencies, TryDependencies } from "./link.ts";
import { MqttConnection } from "./mqtt-connection.ts";
import type { Publication } from "./mqtt-wire.ts";
import type { MqttOptions } from "./options.ts";

const atOnce = 64;
const mostTopicBytes = 65_535;
/** Bridges in a row that are named; who comes later is not, and is not needed to stop a circle. */
const mostNamed = 16;

export function openMqttLink(options: MqttOptions, deps: LinkDependencies): LetterLink {
  const { client_id: clientId = "", timeout: timeoutMs, url, username: user } = options;
  let connection: MqttConnection | undefined;
  let opening: Promise<MqttConnection> | undefined;
  const open = async (): Promise<MqttConnection> => {
    const secrets = await deps.secrets();
    connection = new MqttConnection({ url, clientId, user, secrets, timeoutMs }, deps.clock);
    return connection;
  };
  const connected = async (): Promise<MqttConnection> => {
    if (connection && !connection.ended) return connection;
    opening ??= open().finally(() => {
      opening = undefined;
    });
    return opening;
  };
  return {
    kind: "letters",
    atOnce,
    async deliver(letter) {
      const message = toPublication(letter, options, deps.ownName);
      if (Buffer.byteLength(message.topic) > mostTopicBytes)
        return { kind: "refused", reason: "its topic is too long" };
      try {
        return await (await connected()).publish(message);
      } catch (thrown) {
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        return { kind: "trouble", reason, needsPeople: true };
      }
    },
    close: async () => connection?.end(),
  };
}

/** Logs in and out again, under another client id than a bridge that runs. */
export async function knockMqtt(
  { client_id, timeout: timeoutMs, url, username: user }: MqttOptions,
  { clock, secrets }: TryDependencies,
): Promise<string | undefined> {
  const clientId = client_id === undefined ? "" : `${client_id}-doctor`;
  const facts = { url, clientId, user, secrets: await secrets(), timeoutMs };
  const connection = new MqttConnection(facts, clock);
  const trouble = await connection.connected;
  connection.end();
  return trouble?.reason;
}

function toPublication(letter: Letter, options: MqttOptions, ownName: string): Publication {
  const { alerts_topic, mode, qos, topic } = options;
  const { carriedBy, isAlert, labels, text } = letter;
  const named = [...carriedBy, ownName].slice(-mostNamed).join(" ");
  const address = { topic: fillTopic(isAlert ? alerts_topic : topic, labels), qos };
  if (mode === "structured")
    return {
      ...address,
      payload: text,
      contentType: structuredType,
      user: [[carriedByName, named]],
    };
  const { attributes, contentType, data } = partsOf(text);
  const others = attributes.filter(([name]) => name !== carriedByName);
  return { ...address, payload: data, contentType, user: [...others, [carriedByName, named]] };
}
