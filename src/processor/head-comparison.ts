/**
 * Brings the rules and the alerts stream together again where one of them lost what the other
 * knows: after a store came back older, or where the rules go on from a checkpoint that is older
 * than the stream.
 *
 * What the rules hold open and the stream has not got is stored again. What the stream has got and
 * the rules have not found is waited for, since most often the events behind it are only to be read
 * again. Once those have been passed without it, the rules never find it, and go on behind what is
 * stored: an episode that they know nothing of ends there, and one of theirs that has ended there,
 * for whatever reason, is over.
 */
import type { AlertTransition } from "../core/alert.ts";
import type { StoredEvent } from "../core/event.ts";
import { type GatewayId, parseEventId, type Seq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { compareOrder, orderOf } from "../stream/transition-order.ts";
import type { Engine, TransitionDraft } from "./engine.ts";

type ReadHeads = (onHead: (head: AlertTransition) => void) => Promise<void>;
type HasPassed = (eventId: string) => boolean;

/** A stored transition that the rules have not found yet. */
interface Ahead {
  readonly head: AlertTransition;
  /** How many of the events behind it may still come. */
  left: number;
}

/** An event behind one of them. */
interface Place {
  readonly id: string;
  readonly seq: Seq;
  readonly ahead: Ahead;
}

type EventBehind = Pick<Place, "id" | "seq"> & { readonly gateway: GatewayId };

const nothing: readonly TransitionDraft[] = [];

/** Compares the alerts of one partition. One call at a time. */
export class HeadComparison {
  readonly #engine: Engine;
  readonly #logger: Logger;
  #isDue = true;
  /** By instance. */
  readonly #ahead = new Map<string, Ahead>();
  /** By gateway, the one to come first at the end. */
  readonly #places = new Map<GatewayId, Place[]>();

  /** Due from the beginning: nobody knows what happened before. */
  constructor(engine: Engine, logger: Logger) {
    this.#engine = engine;
    this.#logger = logger;
  }

  /** True where the rules may still find what the stream has of an alert already. */
  isAhead(instance: string): boolean {
    return this.#isDue || this.#ahead.has(instance);
  }

  /** The stream went backwards: everything is compared anew, at the next call. */
  demand(): void {
    this.#isDue = true;
  }

  /** To be called with each event before it is fed; gives what has to be stored before. */
  meet({ origin: { gateway }, position: { seq } }: StoredEvent): readonly TransitionDraft[] {
    if (!this.#places.has(gateway)) return nothing;
    return this.#goOnBehind(this.#pass(gateway, (place) => place.seq < seq));
  }

  /**
   * The rules have found this; another change in the place of the stored one does not count. False
   * where it is not to be stored: another end behind the one that the episode has in the stream.
   * That one itself is given on, so that it is held back for a stream that loses it.
   */
  admit(found: TransitionDraft): boolean {
    const head = this.#ahead.get(found.instance)?.head;
    if (!head) return true;
    const distance = compareOrder(orderOf(found), orderOf(head));
    const isSameState = found.state === head.state;
    if (distance > 0 || (distance === 0 && isSameState)) this.#ahead.delete(found.instance);
    const isSecondEnd = isSameState && found.state === "ended" && found.episode === head.episode;
    return !(distance > 0 && isSecondEnd);
  }

  /**
   * Gives what has to be stored, with the rules as they are now. `readHeads` gives the last stored
   * transition of every instance of the partition; `hasPassed` says of the id of an event
   * whether it was read or can never come any more. Rejects when the heads cannot be read; the same
   * call is simply repeated.
   */
  async compare(readHeads: ReadHeads, hasPassed: HasPassed): Promise<readonly TransitionDraft[]> {
    const behind = this.#isDue ? await this.#compareAll(readHeads, hasPassed) : nothing;
    this.#isDue = false;
    const passed = Array.from(this.#places.keys(), (gateway) =>
      this.#pass(gateway, ({ id }) => hasPassed(id)),
    ).flat();
    return passed.length === 0 ? behind : [...behind, ...this.#goOnBehind(passed)];
  }

  /** Notes what the stream is ahead in; gives what it is behind in. */
  async #compareAll(
    readHeads: ReadHeads,
    hasPassed: HasPassed,
  ): Promise<readonly TransitionDraft[]> {
    const open = new Map(Array.from(this.#engine.open(), (last) => [last.instance, last]));
    const behind = new Map(open);
    this.#ahead.clear();
    this.#places.clear();
    await readHeads((head) => {
      const { instance, state } = head;
      const last = open.get(instance);
      const distance = last ? compareOrder(orderOf(head), orderOf(last)) : 1;
      if (distance >= 0) behind.delete(instance);
      this.#ahead.delete(instance);
      if (distance <= 0) return;
      const events = eventsBehind(head);
      // Nothing is left to find of what has ended, where all that led to it was read.
      const isOver = !last && state === "ended" && events.every(({ id }) => hasPassed(id));
      if (!isOver) this.#note({ head: shortened(head), left: events.length }, events);
    });
    for (const places of this.#places.values()) places.sort((one, other) => other.seq - one.seq);
    return [...behind.values()];
  }

  #note(ahead: Ahead, events: readonly EventBehind[]): void {
    this.#ahead.set(ahead.head.instance, ahead);
    for (const { gateway, id, seq } of events) {
      const places = this.#places.get(gateway) ?? [];
      this.#places.set(gateway, places);
      places.push({ id, seq, ahead });
    }
  }

  /** What is ahead and has no event behind it any more that may come. */
  #pass(gateway: GatewayId, hasPassed: (place: Place) => boolean): readonly Ahead[] {
    const places = this.#places.get(gateway);
    if (!places) return [];
    const passed: Ahead[] = [];
    for (let next = places.at(-1); next && hasPassed(next); next = places.at(-1)) {
      places.pop();
      const { ahead } = next;
      ahead.left -= 1;
      if (ahead.left === 0 && this.#ahead.get(ahead.head.instance) === ahead) passed.push(ahead);
    }
    if (places.length === 0) this.#places.delete(gateway);
    return passed;
  }

  /** Lets the rules go on behind what they can never find; gives the ends. */
  #goOnBehind(passed: readonly Ahead[]): readonly TransitionDraft[] {
    if (passed.length === 0) return nothing;
    const ends: TransitionDraft[] = [];
    const open = new Set(Array.from(this.#engine.open(), ({ instance }) => instance));
    for (const { head } of passed) {
      const { id, instance, read_up_to: readUpTo, rule, state } = head;
      this.#ahead.delete(instance);
      if (state === "ended" && !open.has(instance)) continue;
      const end = this.#engine.goOnBehind(head);
      if (end) ends.push(end);
      this.#logger.warn("the rules do not come to a stored alert any more; going on behind it", {
        rule,
        stored: id,
        state,
        readUpTo,
        ...(end && { endedFor: end.reason }),
      });
    }
    return ends;
  }
}

/** The events behind a stored transition; none where nobody noted them. */
function eventsBehind({
  read_also: others = [],
  read_up_to: last,
}: AlertTransition): EventBehind[] {
  const ids = last === undefined ? others : [last, ...others];
  return ids.flatMap((id) => {
    const event = parseEventId(id);
    return event ? { id, gateway: event.gateway, seq: event.seq } : [];
  });
}

/** After a lost checkpoint there is one for each alert that ever ended: of those nobody is told again. */
function shortened(head: AlertTransition): AlertTransition {
  if (head.state === "firing") return head;
  const { handling: _, ...rest } = head;
  return { ...rest, annotations: {} };
}
