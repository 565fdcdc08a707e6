/**
 * Who may be asked about the messages of a topic. Filters with `+` are found by their last level,
 * which is never one.
 */
import { matchesTopic } from "../core/topic-filter.ts";

const mostCharacters = 1_024;

/** Undefined for a topic, or a filter, that a description may name. */
export function problemOfTopic(topic: string): string | undefined {
  if (topic === "" || topic.length > mostCharacters)
    return `a topic has 1 to ${mostCharacters} characters`;
  if (/[#\0]/.test(topic)) return `"${topic.slice(0, 64)}" names more topics than a device has`;
  const levels = topic.split("/");
  if (levels.some((level) => level.includes("+") && level !== "+") || levels.at(-1) === "+")
    return `"${topic.slice(0, 64)}" does not say how the topics of the device end`;
  return undefined;
}

export class TopicClaims<Claim> {
  readonly #exact = new Map<string, Claim[]>();
  /** By the last level, then by filter. */
  readonly #filters = new Map<string, Map<string, Claim[]>>();

  /** The claims of a topic, in the order in which they were made. */
  of(topic: string): readonly Claim[] {
    const exact = this.#exact.get(topic) ?? [];
    if (this.#filters.size === 0) return exact;
    const filters = this.#filters.get(lastLevel(topic));
    if (filters === undefined) return exact;
    const found = [...exact];
    for (const [filter, claims] of filters) if (matchesTopic(filter, topic)) found.push(...claims);
    return found;
  }

  /** Those that were made under just this topic or filter. */
  under(topic: string): readonly Claim[] {
    return this.#listsOf(topic)?.get(topic) ?? [];
  }

  add(topic: string, claim: Claim): void {
    let lists = this.#listsOf(topic);
    if (lists === undefined) {
      lists = new Map();
      this.#filters.set(lastLevel(topic), lists);
    }
    const claims = lists.get(topic);
    if (claims === undefined) lists.set(topic, [claim]);
    else claims.push(claim);
  }

  remove(topic: string, claim: Claim): void {
    const lists = this.#listsOf(topic);
    const claims = lists?.get(topic);
    if (lists === undefined || claims === undefined) return;
    const left = claims.filter((one) => one !== claim);
    if (left.length > 0) {
      lists.set(topic, left);
      return;
    }
    lists.delete(topic);
    if (lists.size === 0 && lists !== this.#exact) this.#filters.delete(lastLevel(topic));
  }

  #listsOf(topic: string): Map<string, Claim[]> | undefined {
    return topic.includes("+") ? this.#filters.get(lastLevel(topic)) : this.#exact;
  }
}

function lastLevel(topic: string): string {
  return topic.slice(topic.lastIndexOf("/") + 1);
}
