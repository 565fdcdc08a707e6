/**
 * What operators look at: every alert that anybody still has to know of, with what people did about
 * it. Made of the stream of alerts alone, so it is the same wherever and whenever it is made anew.
 *
 * Pure: it has no clock. Time comes with each question, since a shelf ends and flapping calms down
 * without a word in the stream.
 *
 * Memory is bounded: an alert that ended and asks for nobody is remembered only as long as room is
 * left, for how often it changed; of more alerts than there is room for, the later ones are counted.
 */
import type { AlertTransition } from "../core/alert.ts";
import { siteOfAlert } from "../core/alert.ts";
import { BoundedMap } from "../core/bounded-map.ts";
import type { EpochMs } from "../core/clock.ts";
import type { SiteId } from "../core/ids.ts";
import { AlertItem } from "./alert-item.ts";
import type { AlertView } from "./alert-view.ts";
import type { DisplayState } from "./display-state.ts";
import { Explanations } from "./explanations.ts";
import type { PlacedAction, PlacedTransition } from "./placed.ts";

const dayMs = 86_400_000;

export interface BoardLimits {
  /** No shelf lasts longer, whoever made it. */
  readonly maxShelveMs: number;
  /** Alerts that somebody has to know of. */
  readonly maxAlerts: number;
  /** Alerts that are done, and may change again soon. */
  readonly maxDone: number;
}

const usualLimits: BoardLimits = { maxShelveMs: dayMs, maxAlerts: 100_000, maxDone: 10_000 };

export class AlertBoard {
  readonly #limits: BoardLimits;
  readonly #items = new Map<string, AlertItem>();
  readonly #done: BoundedMap<string, AlertItem>;
  /** Those of which there are only actions: whatever is done to nothing takes no alert its place. */
  readonly #unmet: BoundedMap<string, AlertItem>;
  readonly #explanations = new Explanations();
  /** Those that were shelved or taken out of service, and may be so still. */
  readonly #aside = new Set<AlertItem>();
  /** The latest time that anything spoke of. */
  #nowMs = Number.NEGATIVE_INFINITY;
  #leftOut = 0;

  constructor(limits: Partial<BoardLimits> = {}) {
    this.#limits = { ...usualLimits, ...limits };
    this.#done = new BoundedMap(this.#limits.maxDone);
    this.#unmet = new BoundedMap(this.#limits.maxAlerts);
  }

  /** Transitions and actions for which no room was left. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Takes a transition; false for one that is not news: another one behind it was taken before. */
  take(placed: PlacedTransition): boolean {
    const { transition } = placed;
    const item = this.#find(transition.instance, siteOfAlert(transition));
    if (!item) return false;
    const isNews = item.take(placed);
    this.#settle(item);
    return isNews;
  }

  /** Takes what somebody did. */
  act(placed: PlacedAction): void {
    const { instance, site } = placed.action;
    this.#nowMs = Math.max(this.#nowMs, placed.storedMs);
    const item = this.#find(instance, site);
    if (!item) return;
    item.act(placed, this.#limits.maxShelveMs);
    if (item.isAside(this.#nowMs)) this.#aside.add(item);
    this.#settle(item);
  }

  /** How the alert is; undefined where nothing of it has to be known. */
  view(instance: string, nowMs: EpochMs): AlertView | undefined {
    const item = this.#known(instance);
    return item && this.#viewOf(item, nowMs);
  }

  /** What explains the alert by what fires now, also where it is normal again; undefined for nothing. */
  explanationOf(instance: string): AlertTransition | undefined {
    const item = this.#known(instance);
    return item && this.#explanations.of(item);
  }

  /** All that anybody has to know of: whatever is not normal. */
  *views(nowMs: EpochMs): Iterable<AlertView> {
    for (const item of this.#all()) {
      const view = this.#viewOf(item, nowMs);
      if (view.state !== "normal") yield view;
    }
  }

  /** Instances that somebody set aside: they are shelved, or out of service. */
  *setAside(nowMs: EpochMs): Iterable<string> {
    for (const item of this.#aside)
      if (item.isAside(nowMs)) yield item.instance;
      else this.#aside.delete(item);
  }

  /** The first time behind `nowMs` at which an alert becomes another by itself; infinity for none. */
  nextChangeMs(nowMs: EpochMs): EpochMs {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const item of this.#all()) {
      const shelf = item.shelfAt(nowMs);
      if (shelf) nextMs = Math.min(nextMs, shelf.untilMs);
      if (item.flapping.isOn(nowMs)) nextMs = Math.min(nextMs, item.flapping.calmMs);
    }
    return nextMs;
  }

  #known(instance: string): AlertItem | undefined {
    return this.#items.get(instance) ?? this.#done.get(instance) ?? this.#unmet.get(instance);
  }

  *#all(): Iterable<AlertItem> {
    yield* this.#items.values();
    yield* this.#unmet.values();
  }

  #find(instance: string, site: SiteId): AlertItem | undefined {
    const known = this.#known(instance);
    if (known) return known;
    if (this.#items.size < this.#limits.maxAlerts) return new AlertItem(instance, site);
    this.#leftOut += 1;
    return undefined;
  }

  #settle(item: AlertItem): void {
    const { instance } = item;
    this.#explanations.note(item);
    if (!item.last) {
      this.#unmet.set(instance, item);
      return;
    }
    this.#unmet.delete(instance);
    if (item.isDone(this.#nowMs)) {
      this.#items.delete(instance);
      this.#done.set(instance, item);
    } else {
      this.#done.delete(instance);
      this.#items.set(instance, item);
    }
  }

  #viewOf(item: AlertItem, nowMs: EpochMs): AlertView {
    const { acked, ackRequired, instance, isFiring, isLatched, last, outOfService, site } = item;
    const shelf = item.shelfAt(nowMs);
    const explainedBy = item.isDone(nowMs) ? undefined : this.#explanations.of(item);
    return {
      ...{ instance, site, last, isFiring, ackRequired, acked, isLatched, shelf, outOfService },
      suppressedBy: explainedBy,
      state: stateOf(item, nowMs, explainedBy),
      isFlapping: item.flapping.isOn(nowMs),
      standingSinceMs: isFiring && last ? firedMs(last) : undefined,
    };
  }
}

function stateOf(
  item: AlertItem,
  nowMs: EpochMs,
  explainedBy: AlertTransition | undefined,
): DisplayState {
  if (item.outOfService) return "out-of-service";
  if (item.shelfAt(nowMs)) return "shelved";
  if (!item.last || item.isDone(nowMs)) return "normal";
  if (explainedBy) return "suppressed";
  if (item.isFiring) return item.acked ? "acknowledged" : "unacknowledged";
  return item.isLatched ? "latched" : "returned-unacknowledged";
}

function firedMs({ fired_at, started_at }: AlertTransition): EpochMs {
  const ms = Date.parse(fired_at);
  return Number.isNaN(ms) ? Date.parse(started_at) : ms;
}
