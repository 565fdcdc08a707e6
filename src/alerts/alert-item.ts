/**
 * What is known of one alert instance: its condition, and what people said about it.
 *
 * Transitions are ordered by episode and number, actions by their place in the stream, and each action
 * names what it is about. So it does not matter in which order the two kinds are handed in.
 */
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import type { SiteId } from "../core/ids.ts";
import type { OperatorAction } from "../core/operator-action.ts";
import { rankOf } from "../core/severity-rank.ts";
import { compareOrder, orderOf } from "../stream/transition-order.ts";
import type { Said, Shelf } from "./alert-view.ts";
import { Flapping } from "./flapping.ts";
import { type Handling, handlingOf } from "./handling.ts";
import type { PlacedAction, PlacedTransition } from "./placed.ts";

/** What was said of so many episodes is kept: of this one, and of one that may come yet. */
const mostSeen = 4;

interface Seen extends Said {
  readonly n: number;
  /** Where in the stream it was reset last; 0 for never. */
  readonly resetSeq: number;
}

/** The last word about something, by its place in the stream. */
interface LastWord<T> {
  readonly seq: number;
  readonly value: T | undefined;
}

export class AlertItem {
  readonly instance: string;
  readonly site: SiteId;
  readonly flapping = new Flapping();
  #last: AlertTransition | undefined;
  #handling: Handling = handlingOf({});
  /** Where in the stream its episode was first met. */
  #openedSeq = 0;
  #endedSeq = 0;
  /** The number of the last transition that made it more severe. */
  #risenN = 1;
  #worst = Number.POSITIVE_INFINITY;
  readonly #seen = new Map<string, Seen>();
  #shelf: LastWord<Shelf> = { seq: 0, value: undefined };
  #service: LastWord<Said> = { seq: 0, value: undefined };

  constructor(instance: string, site: SiteId) {
    this.instance = instance;
    this.site = site;
  }

  get last(): AlertTransition | undefined {
    return this.#last;
  }

  get handling(): Handling {
    return this.#handling;
  }

  get openedSeq(): number {
    return this.#openedSeq;
  }

  get isFiring(): boolean {
    return this.#last?.state === "firing";
  }

  get ackRequired(): boolean {
    return this.#handling.ackRequired ?? this.#worst === rankOf("critical");
  }

  get acked(): Said | undefined {
    const seen = this.#seenOf(this.#last);
    return seen && seen.n >= this.#risenN ? seen : undefined;
  }

  get isLatched(): boolean {
    const isOver = this.#last?.state === "ended" && this.#handling.latch;
    // A reset while it still fired was none.
    return isOver && (this.#seenOf(this.#last)?.resetSeq ?? 0) <= this.#endedSeq;
  }

  get outOfService(): Said | undefined {
    return this.#service.value;
  }

  shelfAt(nowMs: EpochMs): Shelf | undefined {
    const { seq, value } = this.#shelf;
    if (value === undefined || nowMs >= value.untilMs) return undefined;
    return value.once && this.#endedSeq > seq ? undefined : value;
  }

  /** Somebody does not want to be told of it now. */
  isAside(nowMs: EpochMs): boolean {
    return this.outOfService !== undefined || this.shelfAt(nowMs) !== undefined;
  }

  /** Nothing of it is left that anybody has to know, but how often it changed. */
  isDone(nowMs: EpochMs): boolean {
    const waits = this.isFiring || this.isLatched || (this.ackRequired && !this.acked);
    return !(waits && this.#last) && !this.shelfAt(nowMs) && !this.outOfService;
  }

  /** False where a later one was there. */
  take({ streamSeq, transition }: PlacedTransition): boolean {
    const before = this.#last;
    if (before && compareOrder(orderOf(transition), orderOf(before)) <= 0) return false;
    const rank = rankOf(transition.severity);
    const isNew = before?.episode !== transition.episode;
    if (isNew) {
      this.#worst = rank;
      this.#openedSeq = streamSeq;
    }
    if (isNew || (transition.state === "firing" && rank < rankOf(before.severity)))
      this.#risenN = transition.n;
    this.#worst = Math.min(this.#worst, rank);
    this.#last = transition;
    this.#handling = handlingOf(transition);
    if (transition.state === "ended") this.#endedSeq = streamSeq;
    if (transition.quiet !== true)
      this.flapping.note(changedMs(transition), this.#handling.flapping);
    return true;
  }

  /** `maxShelveMs`: no shelf lasts longer, whatever was asked for. */
  act(placed: PlacedAction, maxShelveMs: number): void {
    const { action, storedMs, streamSeq: seq } = placed;
    switch (action.verb) {
      case "ack":
      case "clear":
      case "reset":
        this.#note(placed);
        break;
      case "shelve":
        if (seq > this.#shelf.seq)
          this.#shelf = { seq, value: shelfOf(action, storedMs, maxShelveMs) };
        break;
      case "unshelve":
        if (seq > this.#shelf.seq) this.#shelf = { seq, value: undefined };
        break;
      case "out-of-service":
        if (seq > this.#service.seq) this.#service = { seq, value: saidOf(action, storedMs) };
        break;
      case "in-service":
        if (seq > this.#service.seq) this.#service = { seq, value: undefined };
        break;
    }
  }

  #note({ action, storedMs, streamSeq }: PlacedAction): void {
    const { episode } = action;
    if (episode === undefined) return;
    const known = this.#seen.get(episode);
    const knownN = this.#last?.episode === episode ? this.#last.n : 1;
    const n = action.n ?? knownN;
    const resetSeq = Math.max(known?.resetSeq ?? 0, action.verb === "reset" ? streamSeq : 0);
    const said = known && known.n >= n ? known : saidOf(action, storedMs);
    this.#seen.delete(episode);
    this.#seen.set(episode, { ...said, n: Math.max(n, known?.n ?? 0), resetSeq });
    for (const other of this.#seen.keys()) {
      if (this.#seen.size <= mostSeen) break;
      if (other !== this.#last?.episode) this.#seen.delete(other);
    }
  }

  #seenOf(transition: AlertTransition | undefined): Seen | undefined {
    return transition && this.#seen.get(transition.episode);
  }
}

/** A time that cannot be read is that of the beginning, which was looked at. */
function changedMs({ at, started_at }: AlertTransition): EpochMs {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? Date.parse(started_at) : ms;
}

function saidOf({ by, reason }: OperatorAction, storedMs: EpochMs): Said {
  return { by, storedMs, ...(reason !== undefined && { reason }) };
}

/**
 * As long as it was asked for, by the clock of who asked; but from when the server stored it, so that
 * a clock that is wrong moves nothing.
 */
function shelfOf(
  action: OperatorAction,
  storedMs: EpochMs,
  maxShelveMs: number,
): Shelf | undefined {
  const askedMs = Date.parse(action.until ?? "") - Date.parse(action.at);
  if (!(askedMs > 0)) return undefined;
  const untilMs = storedMs + Math.min(askedMs, maxShelveMs);
  return { ...saidOf(action, storedMs), untilMs, once: action.once === true };
}
