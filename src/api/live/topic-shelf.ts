/**
 * The topics of the live stream: those that are always there, and those that are made for who asks for
 * their name, which are there while somebody looks, and a little longer: a page whose line broke comes
 * again soon, and goes on where it was.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import type { Topic } from "./topic.ts";

/** Makes a topic of a name with parameters; undefined where it is no such name. */
export type TopicNamed = (name: string) => Topic | undefined;

/** Of those with parameters, of which there may be any number; others are few. */
const mostWithParameters = 64;
const longestName = 512;
const lingerMs = 5_000;

interface Asked {
  readonly topic: Topic;
  readers: number;
  /** Runs while nobody looks. */
  lingers: Timer | undefined;
}

export class TopicShelf {
  readonly #clock: Pick<Clock, "setTimer">;
  readonly #standing: ReadonlyMap<string, Topic>;
  readonly #named: TopicNamed;
  readonly #asked = new Map<string, Asked>();

  constructor(clock: Pick<Clock, "setTimer">, standing: readonly Topic[], named: TopicNamed) {
    this.#clock = clock;
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
      asked.lingers = this.#clock.setTimer(lingerMs, () => this.#end(name, asked));
    }
  }

  /** True for one that is always there: its changes are known back to before anybody looked. */
  isStanding({ name }: Topic): boolean {
    return this.#standing.has(name);
  }

  /** Nobody looks any more, at any. */
  stop(): void {
    for (const [name, asked] of this.#asked) this.#end(name, asked);
  }

  #end(name: string, asked: Asked): void {
    asked.lingers?.cancel();
    this.#asked.delete(name);
    asked.topic.end();
  }

  /** Who asks for many with parameters takes the place of no other kind. */
  #hasRoom(name: string): boolean {
    if (!name.includes(":")) return true;
    const count = [...this.#asked.keys()].filter((one) => one.includes(":")).length;
    return count < mostWithParameters;
  }

  #ask(name: string): Topic | undefined {
    const known = this.#asked.get(name);
    if (known) {
      known.lingers?.cancel();
      known.lingers = undefined;
      known.readers += 1;
      return known.topic;
    }
    if (name.length > longestName || !this.#hasRoom(name)) return undefined;
    const topic = this.#named(name);
    // Under another name than it was asked for it could not be given back.
    if (topic?.name !== name) return undefined;
    this.#asked.set(name, { topic, readers: 1, lingers: undefined });
    return topic;
  }
}
