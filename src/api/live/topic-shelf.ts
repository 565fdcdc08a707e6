/**
 * The topics of the live stream: those that are always there, and those that somebody asked for by a
 * name with parameters, which are there while somebody looks.
 */
import type { Topic } from "./topic.ts";

/** Makes a topic of a name with parameters; undefined where it is no such name. */
export type TopicNamed = (name: string) => Topic | undefined;

/** Of those that were asked for. */
const mostAsked = 64;
const longestName = 512;

interface Asked {
  readonly topic: Topic;
  readers: number;
}

export class TopicShelf {
  readonly #standing: ReadonlyMap<string, Topic>;
  readonly #named: TopicNamed;
  readonly #asked = new Map<string, Asked>();

  constructor(standing: readonly Topic[], named: TopicNamed) {
    this.#standing = new Map(standing.map((topic) => [topic.name, topic]));
    this.#named = named;
  }

  /** The topics of these names, for one who looks; names of none are passed over. */
  take(names: readonly string[]): readonly Topic[] {
    return [...new Set(names)].flatMap((name) => this.#standing.get(name) ?? this.#ask(name) ?? []);
  }

  /** Who took them looks no more. */
  giveBack(topics: readonly Topic[]): void {
    for (const { name } of topics) {
      const asked = this.#asked.get(name);
      if (asked === undefined) continue;
      asked.readers -= 1;
      if (asked.readers > 0) continue;
      this.#asked.delete(name);
      asked.topic.end();
    }
  }

  /** True for one that was always there: its changes are known back to before anybody looked. */
  isStanding({ name }: Topic): boolean {
    return this.#standing.has(name);
  }

  #ask(name: string): Topic | undefined {
    const known = this.#asked.get(name);
    if (known) {
      known.readers += 1;
      return known.topic;
    }
    if (this.#asked.size >= mostAsked || name.length > longestName) return undefined;
    const topic = this.#named(name);
    // Under another name than it was asked for it could not be given back.
    if (topic?.name !== name) return undefined;
    this.#asked.set(name, { topic, readers: 1 });
    return topic;
  }
}
