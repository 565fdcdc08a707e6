/**
 * Numbers that stand for topics on one connection, MQTT 5 §3.3.2.3.4. They are the client's; what
 * they may take is bounded in number and in text.
 */

export const mostAliases = 32;
/** Characters of all topics that have a number. */
const mostCharacters = 16_384;

export class TopicAliases {
  readonly #topics = new Map<number, string>();
  #characters = 0;

  /**
   * The topic of a message, by its name, its number, or both, which gives the name that number.
   * Undefined when neither says what it is, or there is no room for another.
   */
  resolve(topic: string, alias: number | undefined): string | undefined {
    if (alias === undefined) return topic === "" ? undefined : topic;
    if (alias === 0 || alias > mostAliases) return undefined;
    const known = this.#topics.get(alias);
    if (topic === "") return known;
    const characters = this.#characters - (known?.length ?? 0) + topic.length;
    if (characters > mostCharacters) return undefined;
    this.#characters = characters;
    this.#topics.set(alias, topic);
    return topic;
  }
}
