/**
 * Records of Kafka, as the Kafka protocol binding of CloudEvents has it; the key is the device. Their time is
 * that of the sending: by the event's own a topic would forget what is old, or refuse what is ahead.
 */
import type { Message } from "kafkajs";
import { partsOf, structuredType } from "./cloud-event.ts";
import type { Letter } from "./letter.ts";
import type { KafkaOptions } from "./options.ts";

/** A record on its way, with the letter that it is made of. */
export interface TopicRecord {
  readonly letter: Letter;
  readonly topic: string;
  readonly message: Message;
  /** About. */
  readonly bytes: number;
}

export function toRecord(letter: Letter, options: KafkaOptions): TopicRecord {
  const { isAlert, key, text } = letter;
  const topic = isAlert ? options.alerts_topic : options.topic;
  const { headers, value } = options.mode === "binary" ? binary(text) : structured(text);
  const bytes = Buffer.byteLength(text) + 512;
  return { letter, topic, message: { key, value, headers }, bytes };
}

interface Written {
  readonly value: string;
  readonly headers: Record<string, string>;
}

function structured(text: string): Written {
  return { value: text, headers: { "content-type": structuredType } };
}

function binary(text: string): Written {
  const { attributes, contentType, data } = partsOf(text);
  const headers: Record<string, string> = { "content-type": contentType };
  for (const [name, value] of attributes) headers[`ce_${name}`] = value;
  return { value: data, headers };
}
