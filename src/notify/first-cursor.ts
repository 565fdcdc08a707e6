/**
 * Where a receiver begins that has no cursor: behind what it was told of as far as the log of attempts
 * knows, with what fires now, and with what was learned since a moment. It is told of no end whose
 * beginning it does not hear of.
 */
import { siteOfAlert } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import { rankOf } from "../core/severity-rank.ts";
import type { AlertMark, ReadTransition } from "../stream/alert-reader.ts";
import { orderOf, type TransitionOrder } from "../stream/transition-order.ts";
import type { ReceiverCursor } from "./receiver-cursor.ts";
import { newEntry, type WaitingEntry } from "./waiting-instance.ts";

interface Instance {
  /** The last that it is not told of. */
  passed?: TransitionOrder;
  /** The episode that it was told the beginning of. */
  toldEpisode?: string;
  waiting?: WaitingEntry;
  /** The order of the first that waits; undefined when it is recent, and so are those behind it. */
  oldFiring?: TransitionOrder;
}

/** Is given all transitions in the order of their stream; then knows the cursor. */
export class FirstCursor {
  readonly #sinceMs: EpochMs;
  readonly #wasTold: (id: string) => boolean;
  readonly #instances = new Map<string, Instance>();
  #mark: AlertMark | null = null;

  /**
   * Everything learned from `sinceMs` on is told; infinite for only what fires. `wasTold` knows the
   * ids of transitions that the receiver was told of.
   */
  constructor(sinceMs: EpochMs, wasTold: (id: string) => boolean) {
    this.#sinceMs = sinceMs;
    this.#wasTold = wasTold;
  }

  take({ mark, streamSeq, transition }: ReadTransition): void {
    this.#mark = mark;
    const known = this.#instances.get(transition.instance);
    const instance = known ?? {};
    if (!known) this.#instances.set(transition.instance, instance);
    const order = orderOf(transition);
    if (this.#wasTold(transition.id)) {
      this.#passOver(instance, order);
      instance.toldEpisode = transition.episode;
      return;
    }
    const rank = rankOf(transition.severity);
    const { oldFiring, waiting } = instance;
    const goesOn = instance.toldEpisode === transition.episode;
    if (waiting && (!oldFiring || transition.quiet)) {
      const count = waiting.count + 1;
      instance.waiting = { ...waiting, to: streamSeq, count, rank: Math.min(rank, waiting.rank) };
    } else if ((transition.state === "ended" && !goesOn) || transition.quiet) {
      this.#passOver(instance, order);
    } else {
      if (oldFiring) this.#passOver(instance, oldFiring);
      instance.waiting = newEntry(siteOfAlert(transition), streamSeq, rank);
      const isRecent = Date.parse(transition.observed_at) >= this.#sinceMs;
      if (!isRecent && !goesOn) instance.oldFiring = order;
    }
  }

  cursor(): ReceiverCursor {
    const told: [string, readonly [number, number]][] = [];
    const waiting: [string, WaitingEntry][] = [];
    for (const [name, instance] of this.#instances) {
      if (instance.passed) told.push([name, [instance.passed.startedMs, instance.passed.n]]);
      if (instance.waiting) waiting.push([name, instance.waiting]);
    }
    return {
      format: 2,
      by_site: true,
      mark: this.#mark,
      told: Object.fromEntries(told),
      waiting: Object.fromEntries(waiting),
    };
  }

  #passOver(instance: Instance, order: TransitionOrder): void {
    instance.passed = order;
    delete instance.waiting;
    delete instance.oldFiring;
  }
}
