/**
 * The last message of each topic that another broker brings, as a number: what such a broker had kept
 * comes again at each connection, and is stored once.
 *
 * Bounded: of topics beyond the bound some are forgotten, and what a broker kept of those is stored
 * again, marked as retained.
 */
import { BoundedMap } from "../core/bounded-map.ts";
import { hash53 } from "../core/hash53.ts";
import type { Seq } from "../core/ids.ts";
import type { RawMessage } from "../core/message.ts";

const mostTopics = 100_000;
const encoder = new TextEncoder();

/** A message of a topic, both as numbers. */
export interface LastMessage {
  readonly topic: number;
  readonly content: number;
}

export interface LastMessagesDependencies {
  /** Called with each that is remembered, and with the record that vouches for it. */
  readonly remembered: (last: LastMessage, seq: Seq) => void;
}

export class LastMessages {
  readonly #contents = new BoundedMap<number, number>(mostTopics);
  readonly #deps: LastMessagesDependencies;

  /** `found`: what an earlier process remembered, in its order. */
  constructor(found: Iterable<LastMessage>, deps: LastMessagesDependencies) {
    this.#deps = deps;
    for (const { content, topic } of found) this.#contents.set(topic, content);
  }

  /** The message as numbers; undefined where nobody can deliver it again. */
  read({ address, attributes, payload }: RawMessage): LastMessage | undefined {
    if (attributes.relay === undefined && attributes.retained === undefined) return undefined;
    return { topic: hash53(encoder.encode(address)), content: hash53(payload) };
  }

  /** True for what may be a copy, and has the bytes of the last message of its topic. */
  isCopy({ attributes }: RawMessage, { content, topic }: LastMessage): boolean {
    const mayBe = attributes.retained === true || attributes.relay === "either";
    return mayBe && this.#contents.get(topic) === content;
  }

  /** The message is stored in this record. */
  remember(last: LastMessage, seq: Seq): void {
    if (this.#contents.get(last.topic) === last.content) return;
    this.#contents.set(last.topic, last.content);
    this.#deps.remembered(last, seq);
  }

  /** All of them, in the order in which they came. */
  *all(): Iterable<LastMessage> {
    for (const [topic, content] of this.#contents.entries()) yield { topic, content };
  }
}
