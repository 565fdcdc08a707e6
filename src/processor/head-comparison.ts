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
import { toSiteId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { partitionOf } from "../core/subject.ts";
import { compareOrder, orderOf } from "../stream/transition-order.ts";
import type { Engine, TransitionDraft } from "./engine.ts";

type ReadHeads = (onHead: (head: AlertTransition) => void) => Promise<void>;

/** Compares the alerts of one partition. One call at a time. */
export class HeadComparison {
  readonly #partition: number;
  readonly #engine: Engine;
  readonly #logger: Logger;
  #isDue = true;
  /** The last stored transitions that the rules have not found yet, by instance. */
  readonly #ahead = new Map<string, AlertTransition>();

  /** Due from the beginning: nobody knows what happened before. */
  constructor(partition: number, engine: Engine, logger: Logger) {
    this.#partition = partition;
    this.#engine = engine;
    this.#logger = logger;
  }

  /** The stream went backwards: everything is compared anew, at the next call. */
  demand(): void {
    this.#isDue = true;
  }

  /** The rules have found these. */
  noteFound(transitions: readonly TransitionDraft[]): void {
    if (this.#ahead.size === 0) return;
    for (const found of transitions) {
      const head = this.#ahead.get(found.instance);
      if (head && compareOrder(orderOf(found), orderOf(head)) >= 0)
        this.#ahead.delete(found.instance);
    }
  }

  /**
   * Gives what has to be stored, with the rules as they are now. `readHeads` gives the last stored
   * transition of every instance, of other partitions too; `hasPassed` says of the id of an event
   * whether it can never come any more. Rejects when the heads cannot be read; the same call is
   * simply repeated.
   */
  async compare(
    readHeads: ReadHeads,
    hasPassed: (eventId: string) => boolean,
  ): Promise<readonly TransitionDraft[]> {
    const wanted = this.#isDue ? [...(await this.#compareAll(readHeads))] : [];
    this.#isDue = false;
    for (const [instance, head] of this.#ahead) {
      if (head.read_up_to === undefined || !hasPassed(head.read_up_to)) continue;
      this.#ahead.delete(instance);
      const end = this.#engine.goOnBehind(head);
      this.#logger.warn("the events behind a stored alert are lost; going on behind it", {
        rule: head.rule,
        stored: head.id,
        state: head.state,
        readUpTo: head.read_up_to,
        ...(end && { endedFor: end.reason }),
      });
      if (end) wanted.push(end);
    }
    return wanted;
  }

  /** Notes what the stream is ahead in; gives what it is behind in. */
  async #compareAll(readHeads: ReadHeads): Promise<Iterable<TransitionDraft>> {
    const open = new Map(Array.from(this.#engine.open(), (last) => [last.instance, last]));
    const behind = new Map(open);
    this.#ahead.clear();
    await readHeads((head) => {
      const { instance, labels, state } = head;
      if (partitionOf(toSiteId(labels["site"] ?? "")) !== this.#partition) return;
      const last = open.get(instance);
      const distance = last ? compareOrder(orderOf(head), orderOf(last)) : 1;
      if (distance >= 0) behind.delete(instance);
      if (distance > 0 && (last || state === "firing")) this.#ahead.set(instance, head);
      else this.#ahead.delete(instance);
    });
    return behind.values();
  }
}
