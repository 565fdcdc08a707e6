/**
 * The instances that have something to be told of, in the order in which they may go: by severity;
 * among equals who was not tried before, then who came first. Who failed sleeps and takes no place.
 */

import { type AlertTransition, siteOfAlert } from "../core/alert.ts";
import type { Clock } from "../core/clock.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { rankCount, rankOf } from "../core/severity-rank.ts";
import { newEntry, WaitingInstance, type WaitingState } from "./waiting-instance.ts";

export class WaitingInstances {
  readonly #clock: Clock;
  readonly #all = new Map<string, WaitingInstance>();
  /** By rank, those that may go: not tried before, and tried before. */
  readonly #fresh = byRank();
  readonly #again = byRank();
  readonly #onReady: () => void;
  #stopped = false;

  /** `onReady` is called when one that slept may go. */
  constructor(state: WaitingState, clock: Clock, onReady: () => void) {
    this.#clock = clock;
    this.#onReady = onReady;
    for (const [instance, entry] of Object.entries(state))
      this.#add(new WaitingInstance(instance, entry, clock.monotonicMs()));
  }

  get instances(): number {
    return this.#all.size;
  }

  /** Transitions that wait or are under way. */
  get transitions(): number {
    let sum = 0;
    for (const { count } of this.#all.values()) sum += count;
    return sum;
  }

  /** Instances whose last attempt failed. */
  get retried(): number {
    let sum = 0;
    for (const { attempts } of this.#all.values()) sum += attempts > 0 ? 1 : 0;
    return sum;
  }

  has(instance: string): boolean {
    return this.#all.has(instance);
  }

  /** Notes a transition to be told of. */
  admit(transition: AlertTransition, seq: StreamSeq): void {
    const { instance } = transition;
    const rank = rankOf(transition.severity);
    const waiting = this.#all.get(instance);
    if (!waiting) {
      const entry = newEntry(siteOfAlert(transition), seq, rank);
      this.#add(new WaitingInstance(instance, entry, this.#clock.monotonicMs()));
      return;
    }
    if (waiting.count === 0) waiting.from = seq;
    waiting.to = seq;
    waiting.count += 1;
    if (rank < waiting.rank) {
      const ready = this.#leaveQueue(waiting);
      waiting.rank = rank;
      if (ready) this.#queueOf(waiting).add(waiting);
    }
  }

  /** The one to go next, of those tried before only where `again` allows it; it is under way then. */
  take(again: boolean, preferFresh: boolean): WaitingInstance | undefined {
    for (let rank = 0; rank < rankCount; rank += 1) {
      const next = firstOf(this.#fresh[rank]) ?? (again ? firstOf(this.#again[rank]) : undefined);
      if (!next || (preferFresh && next.attempts > 0 && this.#hasFresh())) continue;
      this.#leaveQueue(next);
      next.state = "under way";
      return next;
    }
    return undefined;
  }

  /** What it had up to `seq` is done with. */
  finish(waiting: WaitingInstance, seq: StreamSeq): void {
    if (!waiting.moved) {
      waiting.from = toStreamSeq(seq + 1);
      waiting.count = waiting.from <= waiting.to ? Math.max(1, waiting.count - 1) : 0;
    }
    waiting.moved = false;
    waiting.attempts = 0;
    waiting.triedSinceMs = undefined;
    if (waiting.count > 0) this.#makeReady(waiting);
    else this.#all.delete(waiting.instance);
  }

  sleep(waiting: WaitingInstance, ms: number): void {
    waiting.state = "asleep";
    if (this.#stopped) return;
    waiting.timer = this.#clock.setTimer(ms, () => {
      this.#makeReady(waiting);
      this.#onReady();
    });
  }

  /** Everybody who sleeps may go. */
  wakeAll(): void {
    for (const waiting of this.#all.values()) {
      if (waiting.state !== "asleep") continue;
      waiting.timer?.cancel();
      this.#makeReady(waiting);
    }
  }

  /** The stream is read anew from its beginning: everything that waits comes again. */
  forgetPlaces(): void {
    for (const waiting of this.#all.values()) {
      if (waiting.state !== "under way") {
        this.#leaveQueue(waiting);
        waiting.timer?.cancel();
        this.#all.delete(waiting.instance);
        continue;
      }
      waiting.moved = true;
      waiting.count = 0;
    }
  }

  /** Nobody wakes any more. */
  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#all.values()) timer?.cancel();
  }

  state(): WaitingState {
    const nowMs = this.#clock.monotonicMs();
    return Object.fromEntries(
      [...this.#all.values()].map((waiting) => [waiting.instance, waiting.entry(nowMs)]),
    );
  }

  #add(waiting: WaitingInstance): void {
    this.#all.set(waiting.instance, waiting);
    this.#queueOf(waiting).add(waiting);
  }

  #makeReady(waiting: WaitingInstance): void {
    waiting.state = "ready";
    this.#queueOf(waiting).add(waiting);
  }

  #queueOf({ attempts, rank }: WaitingInstance): Set<WaitingInstance> {
    const queue = (attempts > 0 ? this.#again : this.#fresh)[rank];
    if (!queue) throw new RangeError(`no severity has rank ${rank}`);
    return queue;
  }

  /** True when it stood in one. */
  #leaveQueue(waiting: WaitingInstance): boolean {
    return waiting.state === "ready" && this.#queueOf(waiting).delete(waiting);
  }

  #hasFresh(): boolean {
    return this.#fresh.some((queue) => queue.size > 0);
  }
}

function byRank(): readonly Set<WaitingInstance>[] {
  return Array.from({ length: rankCount }, () => new Set<WaitingInstance>());
}

function firstOf(queue: Set<WaitingInstance> | undefined): WaitingInstance | undefined {
  const first = queue?.values().next();
  return first?.done === false ? first.value : undefined;
}
