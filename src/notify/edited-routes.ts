/**
 * What a cursor becomes when routes were edited since it was written: the receiver is told of what fires
 * and leads to it now, and is told again as often as is wanted now.
 */
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import type { StreamSeq } from "../core/ids.ts";
import { rankOf } from "../core/severity-rank.ts";
import type { ReadTransition } from "../stream/alert-reader.ts";
import { lastChange } from "./last-change.ts";
import type { ReceiverCursor } from "./receiver-cursor.ts";
import type { TellingPlan } from "./telling-plan.ts";
import { episodesOfOldCursor, type ToldEpisode } from "./told-episodes.ts";
import { ToldTransitions } from "./told-transitions.ts";
import { newEntry } from "./waiting-instance.ts";

interface Firing {
  readonly transition: AlertTransition;
  readonly streamSeq: StreamSeq;
}

/** Is given all transitions in the order of their stream; then knows the cursor. */
export class EditedRoutes {
  readonly #cursor: ReceiverCursor;
  readonly #told: ToldTransitions;
  /** The last that is done with, of each instance that fires by that. */
  readonly #firing = new Map<string, Firing>();

  constructor(cursor: ReceiverCursor) {
    this.#cursor = cursor;
    this.#told = new ToldTransitions(cursor.told);
  }

  take({ streamSeq, transition }: Pick<ReadTransition, "streamSeq" | "transition">): void {
    // What is not done with is told by the routes as they are now.
    if (transition.quiet || !this.#told.has(transition)) return;
    const { instance, state } = transition;
    if (state === "firing") this.#firing.set(instance, { streamSeq, transition });
    else this.#firing.delete(instance);
  }

  /** `alone`: the receiver gets one alert at a time, and nothing again. */
  cursor(
    planFor: (transition: AlertTransition) => TellingPlan | undefined,
    alone: boolean,
    nowMs: EpochMs,
  ): ReceiverCursor {
    const told = { ...this.#cursor.told };
    const waiting = { ...this.#cursor.waiting };
    const episodes = { ...(this.#cursor.episodes ?? episodesOfOldCursor(told)) };
    for (const [instance, { streamSeq, transition }] of this.#firing) {
      const plan = planFor(transition);
      const { order, repeatMs, site } = lastChange(transition, plan, alone);
      const episode = episodes[instance];
      if (episode && !episode.ended && episode.startedMs === order.startedMs)
        episodes[instance] = repeatedEach(episode, repeatMs, nowMs);
      else if (plan && waiting[instance] === undefined) {
        told[instance] = [order.startedMs, order.n - 1];
        waiting[instance] = newEntry(site, streamSeq, rankOf(transition.severity));
      }
    }
    return { ...this.#cursor, told, waiting, episodes };
  }
}

function repeatedEach(
  episode: ToldEpisode,
  repeatMs: number | undefined,
  nowMs: EpochMs,
): ToldEpisode {
  const { nextMs, repeatMs: beforeMs = 0, ...rest } = episode;
  if (repeatMs === undefined) return rest;
  const toldMs = nextMs === undefined ? nowMs : Math.min(nowMs, nextMs - beforeMs);
  return { ...rest, nextMs: toldMs + repeatMs, repeatMs };
}
