/**
 * Who has subscribed to what, level by level, so that a message finds its subscribers whatever the
 * number of filters (MQTT 3.1.1 §4.7).
 */
import { ownText } from "../../core/own-text.ts";
import { type Grant, joined } from "./grant.ts";

interface Level<S> {
  readonly below: Map<string, Level<S>>;
  /** Subscribers of the filter that ends here, and what they were granted. */
  readonly subscribers: Map<S, Grant>;
}

function emptyLevel<S>(): Level<S> {
  return { below: new Map(), subscribers: new Map() };
}

export class SubscriptionTree<S> {
  readonly #root: Level<S> = emptyLevel();

  /** Adds a subscription, or replaces the grant of the one that is there. */
  add(filter: string, subscriber: S, grant: Grant): void {
    let level = this.#root;
    for (const name of filter.split("/")) {
      let next = level.below.get(name);
      if (next === undefined) {
        next = emptyLevel();
        level.below.set(ownText(name), next);
      }
      level = next;
    }
    level.subscribers.set(subscriber, grant);
  }

  /** Takes a subscription out, and the levels that nobody needs any more. */
  remove(filter: string, subscriber: S): void {
    const path: { readonly level: Level<S>; readonly name: string }[] = [];
    let level = this.#root;
    for (const name of filter.split("/")) {
      const next = level.below.get(name);
      if (next === undefined) return;
      path.push({ level, name });
      level = next;
    }
    level.subscribers.delete(subscriber);
    for (const { level: above, name } of path.reverse()) {
      const below = above.below.get(name);
      if (below === undefined || below.below.size > 0 || below.subscribers.size > 0) return;
      above.below.delete(name);
    }
  }

  /**
   * Each subscriber of a topic once, with what its filters were granted together (§3.3.5).
   * Undefined when there is none. Valid until the next subscription comes or goes.
   */
  match(topic: string): ReadonlyMap<S, Grant> | undefined {
    if (this.#root.below.size === 0) return undefined;
    return collect(this.#root, topic, 0, undefined);
  }
}

const dollar = 36;

type Found<S> = ReadonlyMap<S, Grant> | undefined;

/** Follows the levels of a topic from a place on; one behind its end says that it has ended. */
function collect<S>(level: Level<S>, topic: string, at: number, before: Found<S>): Found<S> {
  let found = before;
  const { below } = level;
  // Topics of the system are for filters that name them (§4.7.2).
  const wild = at > 0 || topic.charCodeAt(0) !== dollar;
  // "a/#" names "a" too (§4.7.1.2).
  const rest = wild ? below.get("#") : undefined;
  if (rest !== undefined) found = join(found, rest.subscribers);
  if (at > topic.length) return join(found, level.subscribers);
  if (below.size === 0) return found;
  const slash = topic.indexOf("/", at);
  const end = slash < 0 ? topic.length : slash;
  const named = below.get(topic.slice(at, end));
  if (named !== undefined) found = collect(named, topic, end + 1, found);
  const any = wild ? below.get("+") : undefined;
  return any === undefined ? found : collect(any, topic, end + 1, found);
}

function join<S>(found: Found<S>, subscribers: ReadonlyMap<S, Grant>): Found<S> {
  if (subscribers.size === 0) return found;
  if (found === undefined) return subscribers;
  const all = new Map(found);
  for (const [subscriber, grant] of subscribers) {
    const known = all.get(subscriber);
    all.set(subscriber, known === undefined ? grant : joined(known, grant));
  }
  return all;
}
