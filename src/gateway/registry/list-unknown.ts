import { noAttributes, type RawMessage } from "../../core/message.ts";
import type { Asked } from "../../core/question.ts";
import type { Normalized } from "../../normalize/normalized.ts";
import type { UnknownTopic, UnknownTopics } from "./unknown-topics.ts";

type Normalize = (message: RawMessage, clockSynced: boolean) => Normalized;

const mostTopics = 100;
const usualTopics = 20;

/**
 * `{topics, total}`: topics that nobody read as they came, and nobody would with the profiles as they
 * are now, the most frequent first: at most `limit`, or only `topic`.
 */
export function listUnknown(
  unknown: UnknownTopics,
  normalize: Normalize,
  { limit, topic }: Asked,
): object {
  const most = Math.min(mostTopics, Math.max(1, Number(limit ?? usualTopics) || usualTopics));
  const topics = unknown
    .list()
    .filter((one) => (topic === undefined || one.topic === topic) && !isRead(one, normalize));
  return { topics: topics.slice(0, most), total: topics.length };
}

function isRead({ samples, topic }: UnknownTopic, normalize: Normalize): boolean {
  return samples.some((sample) => {
    const found = normalize(messageOf(topic, sample), true);
    return found.passedOver !== undefined || found.event.kind !== "rejection";
  });
}

function messageOf(address: string, sample: string): RawMessage {
  return {
    source: "unknown",
    address,
    payload: Buffer.from(sample, "base64"),
    receivedMs: 0,
    client: undefined,
    device: undefined,
    attributes: noAttributes,
  };
}
