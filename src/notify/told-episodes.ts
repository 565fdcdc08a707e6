/**
 * What a receiver believes: episodes that it was told of and whose end it was not. It is told of the
 * end of those and of no others, and again of those when that is wanted.
 */
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import { isObject } from "../core/is-object.ts";
import { orderOf } from "../stream/transition-order.ts";
import type { NoticeCause } from "./receiver.ts";
import type { ToldState } from "./told-transitions.ts";

/** Above this, those that were told of least recently are forgotten. */
const maxEpisodes = 50_000;

/** One of them; plain JSON. */
export interface ToldEpisode {
  readonly startedMs: EpochMs;
  /** Where the last transition stands that was told. */
  readonly seq: number;
  /** When it is told again, wall clock; absent for never. */
  readonly nextMs?: EpochMs;
  readonly repeatMs?: number;
  /** How often it was told again. */
  readonly repeats?: number;
  /** It was said that it flaps, and not yet how that ended. */
  readonly flapping?: true;
  /** Somebody set it aside since. */
  readonly aside?: true;
  /** Only what is said above keeps it here. */
  readonly ended?: true;
}

/** By instance. */
export type ToldEpisodesState = Readonly<Record<string, ToldEpisode>>;

export interface Telling {
  readonly cause: NoticeCause;
  readonly seq: number;
  readonly repeatMs: number | undefined;
  readonly nowMs: EpochMs;
}

export class ToldEpisodes {
  readonly #all: Map<string, ToldEpisode>;

  constructor(state: ToldEpisodesState) {
    this.#all = new Map(Object.entries(state));
  }

  get(instance: string): ToldEpisode | undefined {
    return this.#all.get(instance);
  }

  /** True where the receiver believes that this episode, or whichever there is, goes on. */
  isOpen(instance: string, startedMs?: EpochMs): boolean {
    const episode = this.#all.get(instance);
    if (!episode || episode.ended) return false;
    return startedMs === undefined || episode.startedMs === startedMs;
  }

  note(transition: AlertTransition, { cause, nowMs, repeatMs, seq }: Telling): void {
    const { instance, state } = transition;
    const before = this.#all.get(instance);
    this.#all.delete(instance);
    const flapping = cause === "flapping" || (before?.flapping === true && cause !== "calm");
    if (state === "ended" && !flapping) return;
    const { startedMs } = orderOf(transition);
    const same = before?.startedMs === startedMs;
    const repeats = (same ? (before.repeats ?? 0) : 0) + (cause === "repeat" ? 1 : 0);
    this.#all.set(instance, {
      startedMs,
      seq,
      ...(state === "firing" && repeatMs !== undefined && { nextMs: nowMs + repeatMs, repeatMs }),
      ...(repeats > 0 && { repeats }),
      ...(flapping && { flapping }),
      ...(state === "ended" && { ended: true }),
    });
    for (const oldest of this.#all.keys()) {
      if (this.#all.size <= maxEpisodes) break;
      this.#all.delete(oldest);
    }
  }

  /** A transition that was told of stands somewhere else now. */
  moveTo(transition: AlertTransition, seq: number): void {
    const episode = this.#all.get(transition.instance);
    if (episode?.startedMs === orderOf(transition).startedMs)
      this.#all.set(transition.instance, { ...episode, seq });
  }

  /** Somebody set the alert aside: once that is over, how it is then is told again. */
  setAside(instance: string): void {
    const episode = this.#all.get(instance);
    if (episode && !episode.aside) this.#all.set(instance, { ...episode, aside: true });
  }

  /** Instances of which a receiver was told last how they were for a while, where that may be over. */
  *passing(): Iterable<readonly [string, ToldEpisode]> {
    for (const entry of this.#all) if (entry[1].aside || entry[1].flapping) yield entry;
  }

  /** Nobody is told of it after all: it is not set aside any more, and does not flap. */
  settle(instance: string, nowMs: EpochMs, repeatMs: number | undefined): void {
    const episode = this.#all.get(instance);
    if (!episode) return;
    const { aside: _, flapping: __, ...rest } = episode;
    if (rest.ended) this.#all.delete(instance);
    else this.#all.set(instance, rest);
    this.postpone(instance, nowMs, repeatMs);
  }

  /** Not this time: it is told again when the time has passed once more, where `repeatMs` says so. */
  postpone(instance: string, nowMs: EpochMs, repeatMs: number | undefined): void {
    const episode = this.#all.get(instance);
    if (!episode) return;
    const { nextMs: _, repeatMs: __, ...rest } = episode;
    const next = repeatMs === undefined ? {} : { nextMs: nowMs + repeatMs, repeatMs };
    this.#all.set(instance, { ...rest, ...next });
  }

  /** Instances that are to be told again by now. A clock that went back makes nobody wait longer. */
  *due(nowMs: EpochMs): Iterable<readonly [string, ToldEpisode]> {
    for (const [instance, episode] of this.#all) {
      const { nextMs, repeatMs = 0 } = episode;
      if (nextMs === undefined) continue;
      if (nextMs - nowMs > repeatMs) this.postpone(instance, nowMs, repeatMs);
      else if (nextMs <= nowMs) yield [instance, episode];
    }
  }

  state(): ToldEpisodesState {
    return Object.fromEntries(this.#all);
  }
}

/**
 * Of a cursor that says nothing of it: whatever the receiver was told of may go on. Where it does not,
 * nothing will ever be said of it.
 */
export function episodesOfOldCursor(told: ToldState): ToldEpisodesState {
  return Object.fromEntries(
    Object.entries(told).map(([instance, [startedMs]]) => [instance, { startedMs, seq: 0 }]),
  );
}

export function isToldEpisodes(value: unknown): value is ToldEpisodesState {
  const isNumber = (one: unknown): boolean => one === undefined || Number.isFinite(one);
  return (
    isObject(value) &&
    Object.values(value).every(
      (one) =>
        isObject(one) &&
        Number.isFinite(one["startedMs"]) &&
        Number.isSafeInteger(one["seq"]) &&
        ["nextMs", "repeatMs", "repeats"].every((name) => isNumber(one[name])),
    )
  );
}
