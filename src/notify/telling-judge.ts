/** Judges what waits by what is known now: of people, of time, and of what the receiver was told. */
import type { AlertTransition } from "../core/alert.ts";
import type { Clock } from "../core/clock.ts";
import type { GroupForm } from "./collecting-groups.ts";
import type { GatewayCatchUp } from "./gateway-catch-up.ts";
import { judgeTelling, type TellingDecision } from "./judge-telling.ts";
import { lastChange } from "./last-change.ts";
import type { Standings } from "./standing.ts";
import type { TellingPlan } from "./telling-plan.ts";
import type { ToldEpisodes } from "./told-episodes.ts";
import type { TurnReading } from "./turn.ts";
import type { WaitingInstance } from "./waiting-instance.ts";

/** The board is waited for so long; then it is told without. */
const boardWithinMs = 5_000;
/** What explains an alert may be stored at the same moment as it, and behind it. */
const explainedWithinMs = 2_000;

export interface JudgeDependencies {
  readonly clock: Clock;
  /** The receiver gets one alert at a time, at once. */
  readonly alone: boolean;
  readonly planFor: (transition: AlertTransition) => TellingPlan | undefined;
  readonly standings: Standings;
  readonly episodes: ToldEpisodes;
  readonly catchUp: GatewayCatchUp;
}

export class TellingJudge {
  readonly #deps: JudgeDependencies;

  constructor(deps: JudgeDependencies) {
    this.#deps = deps;
  }

  /** The last change of what waits is this. */
  learn(waiting: WaitingInstance, transition: AlertTransition): void {
    const { alone, catchUp, clock, planFor } = this.#deps;
    const last = lastChange(transition, planFor(transition), alone);
    waiting.last = last;
    waiting.unackedSinceMs ??= Math.min(last.learnedMs, clock.wallMs());
    if (last.late && !alone && last.plan && last.plan.late !== "all") catchUp.noteLate(last);
  }

  /** Undefined while the board has not read as far as what waits, or what explains it may still come. */
  decide(waiting: WaitingInstance): TellingDecision | undefined {
    const { alone, catchUp, clock, episodes, standings } = this.#deps;
    const { count, instance, isBack, last, repeat, wasHeld } = waiting;
    const waitedMs = clock.monotonicMs() - waiting.seenMs;
    if (standings.readUpTo < waiting.to && waitedMs < boardWithinMs) return undefined;
    if (!last) return { kind: "tell", cause: "change" };
    const isNew = last.state === "firing" && !episodes.isOpen(instance);
    if (isNew && last.isExplainable && waitedMs < explainedWithinMs) return undefined;
    const nowMs = clock.wallMs();
    // A clock that went back makes nobody wait longer.
    waiting.unackedSinceMs = Math.min(waiting.unackedSinceMs ?? nowMs, nowMs);
    return judgeTelling({
      ...{ alone, count, isBack, last, repeat, wasHeld, nowMs },
      standing: standings.of({ instance, episode: last.episode }),
      open: episodes.isOpen(instance),
      sameOpen: episodes.isOpen(instance, last.order.startedMs),
      toldFlapping: episodes.get(instance)?.flapping === true,
      caughtUp: catchUp.isDone(last),
      unackedSinceMs: waiting.unackedSinceMs,
    });
  }
}

/** The group that something is told in; undefined where it is told by itself. */
export function groupFormOf(
  { last, single }: WaitingInstance,
  decision: TellingDecision,
): GroupForm | undefined {
  if (!last?.plan || single) return undefined;
  const { gateway = "", group, plan, site } = last;
  if (decision.kind === "digest") {
    const key = JSON.stringify(["late", site, gateway]);
    return { group: { key, labels: { site, gateway } }, waitMs: 0, intervalMs: 0, digest: true };
  }
  if (decision.kind !== "tell" || !group) return undefined;
  if (decision.cause === "flapping" || decision.cause === "calm") return undefined;
  return { group, waitMs: plan.groupWaitMs, intervalMs: plan.groupIntervalMs, digest: false };
}

/** Which of its transitions are told, by itself. */
export function readingOf(
  { repeat, wasHeld }: WaitingInstance,
  decision: TellingDecision,
): TurnReading {
  if (decision.kind === "digest") return "all";
  if (decision.kind !== "tell") return "close";
  const { cause } = decision;
  return wasHeld || repeat || cause === "flapping" || cause === "calm" ? "last" : "next";
}
