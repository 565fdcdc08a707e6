/**
 * Spares the broker what nobody listens to.
 *
 * Handing a message on takes the broker as long as all the rest of it, also when no client has
 * subscribed, and most of what devices say is for the gateway alone. So a message goes on only when
 * a filter that was ever granted names its topic.
 *
 * Invariants
 * - "Nobody listens" is always right: filters are added before they count and never taken back.
 * - Retained messages, and those of the gateway itself, always go on.
 */
import { BoundedMap } from "../../core/bounded-map.ts";
import { bug } from "../../core/errors.ts";
import { matchesTopic } from "../../core/topic-filter.ts";

/** With more filters than this, everything goes on. */
const maxFilters = 1_000;
const maxTopics = 16_384;

export class Audience {
  readonly #filters = new Set<string>();
  #known = new BoundedMap<string, boolean>(maxTopics);

  /** To be called before anything can be delivered by the filter. */
  add(filter: string): void {
    if (this.#filters.size > maxFilters || this.#filters.has(filter)) return;
    this.#filters.add(filter);
    this.#known = new BoundedMap(maxTopics);
  }

  /** False when nobody can have subscribed to the topic. */
  mayListen(topic: string): boolean {
    if (this.#filters.size === 0) return false;
    if (this.#filters.size > maxFilters) return true;
    const before = this.#known.get(topic);
    if (before !== undefined) return before;
    const found = [...this.#filters].some((filter) => matchesTopic(filter, topic));
    this.#known.set(topic, found);
    return found;
  }
}

interface HandedOn {
  readonly topic: string;
  readonly retain?: boolean;
}

/** The part of the broker that hands messages on; `client` is left out for those of its own. */
interface Publisher {
  publish(packet: HandedOn, client: unknown, done?: () => void): void;
}

function isPublisher(value: unknown): value is Publisher {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "publish") === "function"
  );
}

/** Makes a broker hand on only what somebody may listen to, for the rest of its life. */
export function spareUnheard(broker: unknown, audience: Audience): void {
  if (!isPublisher(broker)) bug("the broker has another form than expected");
  const handOn = broker.publish.bind(broker);
  broker.publish = (packet, client, done) => {
    const isOfClient = typeof client === "object" && client !== null;
    if (isOfClient && packet.retain !== true && !audience.mayListen(packet.topic)) done?.();
    else handOn(packet, client, done);
  };
}
