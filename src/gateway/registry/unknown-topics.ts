/**
 * Topics that no profile reads, as they came since the start: how often, and the first message of
 * each, so that somebody can say what they are. Bounded; of those beyond the bound some are forgotten.
 */
import { BoundedMap } from "../../core/bounded-map.ts";
import type { EpochMs } from "../../core/clock.ts";
import type { EventOf } from "../../core/event.ts";

export interface UnknownTopic {
  readonly topic: string;
  readonly firstMs: EpochMs;
  lastMs: EpochMs;
  count: number;
  /** The payloads of the first few that differ, base64; those that are too large are left out. */
  readonly samples: string[];
}

const mostTopics = 1_024;
const mostCharacters = 8 * 2 ** 20;
const mostSampleCharacters = 64 * 2 ** 10;
const mostSamples = 3;
const mostTopicCharacters = 512;

export class UnknownTopics {
  /** Of all samples. */
  #characters = 0;
  readonly #topics = new BoundedMap<string, UnknownTopic>(mostTopics, undefined, ({ samples }) => {
    for (const { length } of samples) this.#characters -= length;
  });

  note({ data, receivedMs }: EventOf<"rejection">): void {
    const { notKept = 0, payload, topic, truncated } = data;
    if (data.code !== "no-profile" || topic.length > mostTopicCharacters) return;
    const known = this.#topics.get(topic) ?? this.#add(topic, receivedMs);
    known.count += 1 + notKept;
    known.lastMs = Math.max(known.lastMs, receivedMs);
    const { samples } = known;
    if (samples.length === mostSamples || truncated || samples.includes(payload)) return;
    if (payload.length > mostSampleCharacters) return;
    if (this.#characters + payload.length > mostCharacters) return;
    this.#characters += payload.length;
    samples.push(payload);
  }

  /** The most frequent first. */
  list(): UnknownTopic[] {
    return [...this.#topics.values()].sort((one, other) => other.count - one.count);
  }

  #add(topic: string, firstMs: EpochMs): UnknownTopic {
    const made: UnknownTopic = { topic, firstMs, lastMs: firstMs, count: 0, samples: [] };
    this.#topics.set(topic, made);
    return made;
  }
}
