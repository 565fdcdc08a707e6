/**
 * Brings the rules and the alerts stream together again where one of them lost what the other
 * knows: after a store came back older, or where the rules go on from a checkpoint that is older
 * than the stream.
 *
 * What the rules hold open and the stream has not got is stored again. What the stream has got and
 * the rules have not found is waited for, since most often the events behind it are only to be read
 * again. Once those have been passed without it, they are lost for good, and the rules go on behind
 * what is stored: an episode that they know nothing of ends there.
 */
import type { AlertTransition } from "../core/alert.ts";
import type { StoredEvent } from "../core/event.ts";
import { type GatewayId, parseEventId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { compareOrder, orderOf } from "../stream/transition-order.ts";
import type { Engine, TransitionDraft } from "./engine.ts";

type ReadHeads = (onHead: (head: AlertTransition) => void) => Promise<void>;

const nothing: readonly TransitionDraft[] = [];

/** Compares the alerts of one partition. One call at a time. */
export class HeadComparison {
  readonly #engine: Engine;
  readonly #logger: Logger;
  #isDue = true;
  /** The last stored transitions that the rules have not found yet, by instance. */
  readonly #ahead = new Map<string, AlertTransition>();
  /** The lowest seq, by gateway, of an event behind one of them. */
  readonly #lowest = new Map<GatewayId, number>();

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
    if (seq <= (this.#lowest.get(gateway) ?? Number.POSITIVE_INFINITY)) return nothing;
    return this.#goOnBehind((eventId) => {
      const event = parseEventId(eventId);
      return event?.gateway === gateway && event.seq < seq;
    });
  }

  /**
   * The rules have found this; another change in the place of the stored one does not count. False
   * where it is not to be stored: another end behind the one that the episode has in the stream.
   * That one itself is given on, so that it is held back for a stream that loses it.
   */
  admit(found: TransitionDraft): boolean {
    const head = this.#ahead.get(found.instance);
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
  async compare(
    readHeads: ReadHeads,
    hasPassed: (eventId: string) => boolean,
  ): Promise<readonly TransitionDraft[]> {
    const behind = this.#isDue ? await this.#compareAll(readHeads) : nothing;
    this.#isDue = false;
    return this.#ahead.size === 0 ? behind : [...behind, ...this.#goOnBehind(hasPassed)];
  }

  /** Notes what the stream is ahead in; gives what it is behind in. */
  async #compareAll(readHeads: ReadHeads): Promise<readonly TransitionDraft[]> {
    const open = new Map(Array.from(this.#engine.open(), (last) => [last.instance, last]));
    const behind = new Map(open);
    this.#ahead.clear();
    await readHeads((head) => {
      const { instance, state } = head;
      const last = open.get(instance);
      const distance = last ? compareOrder(orderOf(head), orderOf(last)) : 1;
      if (distance >= 0) behind.delete(instance);
      if (distance > 0 && (last || state === "firing")) this.#ahead.set(instance, head);
      else this.#ahead.delete(instance);
    });
    this.#findLowest();
    return [...behind.values()];
  }

  /** Lets the rules go on behind what they can never find; gives the ends. */
  #goOnBehind(hasPassed: (eventId: string) => boolean): readonly TransitionDraft[] {
    const ends: TransitionDraft[] = [];
    for (const [instance, head] of this.#ahead) {
      const { id, read_up_to, rule, state } = head;
      if (read_up_to === undefined || !hasPassed(read_up_to)) continue;
      this.#ahead.delete(instance);
      const end = this.#engine.goOnBehind(head);
      if (end) ends.push(end);
      this.#logger.warn("the events behind a stored alert are lost; going on behind it", {
        rule,
        stored: id,
        state,
        readUpTo: read_up_to,
        ...(end && { endedFor: end.reason }),
      });
    }
    this.#findLowest();
    return ends;
  }

  #findLowest(): void {
    this.#lowest.clear();
    for (const { read_up_to } of this.#ahead.values()) {
      const event = parseEventId(read_up_to ?? "");
      if (!event) continue;
      const lowest = this.#lowest.get(event.gateway) ?? Number.POSITIVE_INFINITY;
      this.#lowest.set(event.gateway, Math.min(lowest, event.seq));
    }
  }
}
