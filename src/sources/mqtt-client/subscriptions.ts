/**
 * Which filters the session at the broker has. A session that goes on still has those of before: what
 * is configured no longer is taken back, and what is there is not asked for again, for which an MQTT
 * 3.1.1 broker would send everything that it keeps.
 */
import type { MqttClientOptions } from "./options.ts";
import type { SessionMemory } from "./session-memory.ts";
import {
  encodeSubscribe,
  encodeUnsubscribe,
  type ProtocolLevel,
  type Suback,
  type WantedTopic,
} from "./wire.ts";

/** Brokers bound what one packet may ask for: eight filters are what the tightest known takes. */
const mostInPacket = 8;
/** SUBACK codes from here on are refusals. */
const firstRefusal = 128;

/** The filters of an entry, as the broker is asked for them. */
export function wantedTopics({
  share,
  topics,
}: Pick<MqttClientOptions, "share" | "topics">): WantedTopic[] {
  return topics.map(({ filter, qos }) => ({
    filter: share === undefined ? filter : `$share/${share}/${filter}`,
    qos,
  }));
}

/** What a broker made of a filter. */
export interface Granted {
  readonly topic: WantedTopic;
  /** As the SUBACK says it. */
  readonly code: number;
  readonly isRefused: boolean;
}

export class Subscriptions {
  readonly #level: ProtocolLevel;
  readonly #wanted: readonly WantedTopic[];
  readonly #memory: SessionMemory;
  /** By packet identifier. */
  readonly #asked = new Map<number, readonly WantedTopic[]>();

  constructor(level: ProtocolLevel, wanted: readonly WantedTopic[], memory: SessionMemory) {
    this.#level = level;
    this.#wanted = wanted;
    this.#memory = memory;
  }

  /** The packets that make the session one with the configuration. */
  begin(isPresent: boolean): Buffer[] {
    this.#asked.clear();
    if (!isPresent) this.#memory.clear();
    const qosOf = this.#memory.filters;
    const wanted = new Set(this.#wanted.map(({ filter }) => filter));
    const missing = this.#wanted.filter(({ filter, qos }) => qosOf.get(filter) !== qos);
    const former = [...qosOf.keys()].filter((filter) => !wanted.has(filter));
    for (const filter of former) this.#memory.forget(filter);
    let packetId = 0;
    const frames: Buffer[] = [];
    for (const topics of chunksOf(missing)) {
      packetId += 1;
      this.#asked.set(packetId, topics);
      frames.push(encodeSubscribe(this.#level, packetId, topics));
    }
    for (const filters of chunksOf(former)) {
      packetId += 1;
      frames.push(encodeUnsubscribe(this.#level, packetId, filters));
    }
    if (former.length > 0) this.#memory.save();
    return frames;
  }

  /** What the broker made of filters; remembered, but for those that it refused. */
  answered({ granted, messageId = 0 }: Suback): Granted[] {
    const topics = this.#asked.get(messageId) ?? [];
    this.#asked.delete(messageId);
    const answers = topics.map((topic, at): Granted => {
      const code = Number(granted[at] ?? firstRefusal);
      return { topic, code, isRefused: code >= firstRefusal };
    });
    for (const { isRefused, topic } of answers)
      if (!isRefused) this.#memory.remember(topic.filter, topic.qos);
    this.#memory.save();
    return answers;
  }
}

function* chunksOf<T>(list: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < list.length; at += mostInPacket) yield list.slice(at, at + mostInPacket);
}
