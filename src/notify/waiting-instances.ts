/**
 * Instances that have something to be told of: each is held, waits with its group, or is on its way.
 */
import { type AlertTransition, siteOfAlert } from "../core/alert.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { rankCount, rankOf } from "../core/severity-rank.ts";
import { type CollectingGroup, CollectingGroups } from "./collecting-groups.ts";
import { turnOfGroup, turnOfKept } from "./group-turns.ts";
import type { Passing, TellingDecision } from "./judge-telling.ts";
import { SentTurns } from "./sent-turns.ts";
import { groupFormOf, readingOf, TellingJudge } from "./telling-judge.ts";
import { toldAgain } from "./told-again.ts";
import type { Turn } from "./turn.ts";
import type { TurnQueue } from "./turn-queue.ts";
import { countWaiting, type WaitingCounts } from "./waiting-counts.ts";
import { newEntry, WaitingInstance, type WaitingState } from "./waiting-instance.ts";
import type { WaitingDependencies, WaitingParts } from "./waiting-parts.ts";

export class WaitingInstances {
  readonly #deps: WaitingDependencies;
  readonly #all = new Map<string, WaitingInstance>();
  readonly #held = new Set<WaitingInstance>();
  readonly #judging: TellingJudge;
  readonly #groups: CollectingGroups;
  readonly #sent: SentTurns;

  constructor(parts: WaitingParts, deps: WaitingDependencies) {
    this.#deps = deps;
    this.#groups = new CollectingGroups(parts.flushed);
    this.#sent = new SentTurns(deps.clock, deps.onReady);
    this.#judging = new TellingJudge(deps);
    const nowMs = deps.clock.monotonicMs();
    for (const [instance, entry] of Object.entries(parts.waiting))
      this.#all.set(instance, new WaitingInstance(instance, entry, nowMs));
    for (const [id, kept] of Object.entries(parts.notices)) {
      const turn = turnOfKept(id, kept, this.#all, nowMs);
      if (turn) this.#sent.send(turn);
    }
    for (const waiting of this.#all.values())
      if (!waiting.turn) this.#sent.sendAlone(waiting, "change", "none");
  }

  get instances(): number {
    return this.#all.size;
  }

  get queue(): TurnQueue {
    return this.#sent.queue;
  }

  get counts(): WaitingCounts {
    return countWaiting(this.#all.values());
  }

  has(instance: string): boolean {
    return this.#all.has(instance);
  }

  /** Notes a transition to be told of. */
  admit(transition: AlertTransition, seq: StreamSeq): void {
    const { instance } = transition;
    const rank = rankOf(transition.severity);
    const known = this.#all.get(instance);
    const waiting = known ?? this.#add(instance, newEntry(siteOfAlert(transition), seq, rank));
    const { turn } = waiting;
    if (waiting.repeat && !turn?.group) {
      waiting.repeat = false;
      if (!turn) waiting.count = 0;
    }
    if (known) waiting.admit(seq);
    waiting.rank = Math.min(waiting.rank, rank);
    if (!transition.quiet) this.#judging.learn(waiting, transition);
    if (!turn) this.#judge(waiting);
    else if (!turn.group && rank < turn.rank) this.#sent.queue.raise(turn, rank);
  }

  /** What was only known by its place is this. */
  learn(turn: Turn, transition: AlertTransition | undefined): void {
    this.#sent.drop(turn);
    for (const { upTo, waiting } of turn.members) {
      waiting.turn = undefined;
      if (!transition) this.#done(waiting, upTo, waiting.count);
      else {
        if (!waiting.last) this.#judging.learn(waiting, transition);
        this.#judge(waiting);
      }
    }
  }

  /** Judges what is held; sends what was to be told by now. */
  tick(): void {
    const nowMs = this.#deps.clock.wallMs();
    this.judgeHeld();
    this.#deps.catchUp.forgetDone();
    for (const { instance, isBack, seq } of toldAgain(nowMs, this.#deps)) {
      if (this.#all.has(instance)) continue;
      const waiting = this.#add(instance, newEntry(undefined, toStreamSeq(seq), rankCount - 1));
      waiting.tellAgain(isBack);
      this.#sent.sendAlone(waiting, "repeat", "none");
    }
    for (const group of this.#groups.due(nowMs)) this.#flush(group, nowMs);
  }

  /** Judges again what is held: the board read on, or time went by. */
  judgeHeld(): void {
    for (const waiting of [...this.#held]) this.#judge(waiting);
  }

  /** The one to go next, of those tried before only where `again` allows it; it is under way then. */
  take(again: boolean, preferFresh: boolean): Turn | undefined {
    for (;;) {
      const turn = this.#sent.queue.take(again, preferFresh);
      const [first] = turn?.members ?? [];
      // What became of it while it waited may be that nobody is to be told.
      if (!turn || !first || turn.group || turn.reading === "none" || turn.reading === "close")
        return turn;
      const decision = this.#judging.decide(first.waiting);
      const isAsBefore = decision?.kind !== "tell" || decision.cause === turn.cause;
      const goes = decision?.kind !== "hold" && decision?.kind !== "pass";
      if (goes && (isAsBefore || turn.attempts > 0)) return turn;
      this.#sent.drop(turn);
      first.waiting.turn = undefined;
      this.#follow(first.waiting, decision);
    }
  }

  /** So many transitions of a member, up to there, are done with. */
  finish(
    turn: Turn,
    ends: ReadonlyMap<WaitingInstance, readonly [seq: StreamSeq, count: number]>,
  ): void {
    this.#sent.drop(turn);
    for (const { count, upTo, waiting } of turn.members) {
      const [seq, told] = ends.get(waiting) ?? [upTo, count];
      if (seq >= waiting.to || waiting.moved) waiting.wasHeld = false;
      this.#done(waiting, seq, told);
    }
  }

  /** The notice of a group was not taken: each of it is told by itself, so that only one is held up. */
  split(turn: Turn): void {
    this.#sent.drop(turn);
    for (const { waiting } of turn.members) {
      waiting.turn = undefined;
      waiting.single = true;
      waiting.wasHeld = true;
      if (waiting.last) this.#judge(waiting);
      else this.#sent.sendAlone(waiting, "change", "none");
    }
  }

  /** The stream is read anew from its beginning: everything that waits comes again. */
  forgetPlaces(): void {
    for (const waiting of this.#all.values()) {
      if (waiting.turn?.state === "under way") {
        waiting.moved = true;
        waiting.count = 0;
      } else this.#remove(waiting);
    }
    this.#sent.forgetIdle();
  }

  state(): WaitingParts {
    const nowMs = this.#deps.clock.monotonicMs();
    const waiting = [...this.#all.values()].filter(({ repeat, turn }) => !repeat || turn?.group);
    return {
      waiting: Object.fromEntries(waiting.map((one) => [one.instance, one.entry(nowMs)])),
      flushed: this.#groups.state(),
      notices: this.#sent.kept(nowMs),
    };
  }

  #add(instance: string, entry: WaitingState[string]): WaitingInstance {
    const waiting = new WaitingInstance(instance, entry, this.#deps.clock.monotonicMs());
    this.#all.set(instance, waiting);
    return waiting;
  }

  #remove(waiting: WaitingInstance): void {
    this.#groups.leave(waiting);
    this.#held.delete(waiting);
    this.#all.delete(waiting.instance);
  }

  #done(waiting: WaitingInstance, seq: StreamSeq, count: number): void {
    waiting.finish(seq, count);
    if (waiting.count === 0) this.#remove(waiting);
    else if (waiting.last) this.#judge(waiting);
    else this.#sent.sendAlone(waiting, "change", "none");
  }

  #judge(waiting: WaitingInstance): void {
    if (!waiting.turn) this.#follow(waiting, this.#judging.decide(waiting));
  }

  /** Undefined is a decision as well: not yet. */
  #follow(waiting: WaitingInstance, decision: TellingDecision | undefined): void {
    if (!decision || decision.kind === "hold") {
      this.#groups.leave(waiting);
      this.#held.add(waiting);
      waiting.wasHeld ||= decision !== undefined;
      waiting.holding = decision?.why;
      return;
    }
    this.#held.delete(waiting);
    waiting.holding = undefined;
    if (decision.kind === "pass") {
      this.#pass(waiting, decision.why);
      return;
    }
    const form = groupFormOf(waiting, decision);
    const nowMs = this.#deps.clock.wallMs();
    if (form && this.#groups.join(waiting, form, nowMs)) {
      const group = this.#groups.atOnce(waiting, nowMs);
      if (group) this.#flush(group, nowMs);
      return;
    }
    this.#groups.leave(waiting);
    const cause = decision.kind === "tell" ? decision.cause : "change";
    this.#sent.sendAlone(
      waiting,
      decision.kind === "digest" ? "digest" : cause,
      readingOf(waiting, decision),
    );
  }

  #pass(waiting: WaitingInstance, why: Passing): void {
    const { clock, episodes, onPassed, told } = this.#deps;
    const { count, instance, last, repeat } = waiting;
    if (repeat) episodes.settle(instance, clock.wallMs(), last?.repeatMs);
    else {
      if (last) told.note(instance, last.order);
      onPassed(why, count);
    }
    this.#remove(waiting);
  }

  #flush(group: CollectingGroup, nowMs: number): void {
    if (this.#sent.isBusy(group.group.key)) return;
    for (const waiting of [...group.members]) {
      const decision = this.#judging.decide(waiting);
      if (decision?.kind === "hold" || decision?.kind === "pass") this.#follow(waiting, decision);
    }
    if (group.members.size === 0) return;
    const turn = turnOfGroup(group, this.#deps.episodes, this.#deps.clock.monotonicMs());
    this.#groups.flush(group, nowMs);
    this.#sent.send(turn);
  }
}
