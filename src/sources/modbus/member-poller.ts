/**
 * When the groups of one member are asked for.
 *
 * Invariants
 * - Slots lie on a grid from the first one on, so that nothing drifts. A slot that passed while its
 *   group, or another of its member, was asked for is skipped and counted: nothing piles up.
 * - One poll of a member at a time.
 * - A member that does not answer is asked less often, up to a bound, once each time, and behind those
 *   that answer; the others keep their slots.
 * - A group that was missed is asked for as soon as its member answers again, however slow it is, and one
 *   that was cut short by the line as soon as the line is open.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import type { PollGroup, PollPlan } from "../../core/poll-plan.ts";
import type { BusReport, PollOutcome } from "./bus-report.ts";
import type { Member } from "./member.ts";
import type { PollResult } from "./poll-result.ts";

/** So many polls in a row without an answer, and the device counts as gone. */
const missesToOffline = 3;
/** A device without a plan may get one when profiles are read again. */
const planlessMs = 5_000;
const leastRestMs = 1_000;
/** A missed group whose next slot is nearer waits for that. */
const nearMs = 30_000;

export interface PollerDeps {
  readonly member: Member;
  readonly address: string;
  readonly clock: Clock;
  readonly report: BusReport;
  /** A member that is gone is asked at least so often. */
  readonly longestRestMs: number;
  readonly plan: () => PollPlan | undefined;
  readonly isOpen: () => boolean;
  /** False while the line comes and goes: what is told then is told when it stays. */
  readonly isLineTold: () => boolean;
  /** False while the disk is behind. */
  readonly mayPoll: () => boolean;
  /** `rank`: when it was due; `tries` of each block. Undefined where there is no message to make. */
  readonly poll: (
    plan: PollPlan,
    group: PollGroup,
    how: { readonly rank: number; readonly tries: "some" | "one" },
  ) => Promise<PollResult | undefined>;
  readonly deliver: (result: PollResult) => void;
}

export class MemberPoller {
  readonly #deps: PollerDeps;
  #plan: PollPlan | undefined;
  /** When each group is due next, on the clock that never jumps. */
  readonly #due = new Map<PollGroup, number>();
  readonly #missedGroups = new Set<PollGroup>();
  #restUntilMs = 0;
  #timer: Timer | undefined;
  #isPolling = false;
  #isStopped = false;

  constructor(deps: PollerDeps) {
    this.#deps = deps;
  }

  /** The line is open: what was due meanwhile is due now. */
  opened(): void {
    for (const [group, dueMs] of this.#due) {
      const passed = this.#passedSince(dueMs, group);
      this.#deps.report.polls("closed", passed);
      this.#due.set(group, dueMs + passed * group.everyMs);
    }
    this.arm();
  }

  /** Waits for the next slot. */
  arm(): void {
    const { clock, isOpen, plan } = this.#deps;
    this.#timer?.cancel();
    if (this.#isStopped || this.#isPolling || !isOpen()) return;
    this.#adopt(plan());
    const next = this.#next();
    if (next === undefined) {
      this.#timer = clock.setTimer(planlessMs, () => this.arm());
      return;
    }
    const waitMs = Math.max(next.dueMs, this.#restUntilMs) - clock.monotonicMs();
    this.#timer = clock.setTimer(Math.max(0, waitMs), () => void this.#poll());
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #adopt(plan: PollPlan | undefined): void {
    if (plan === this.#plan) return;
    const { clock, member } = this.#deps;
    this.#plan = plan;
    member.forget();
    this.#due.clear();
    this.#missedGroups.clear();
    for (const group of plan?.groups ?? []) this.#due.set(group, clock.monotonicMs());
  }

  #next(): { readonly group: PollGroup; readonly dueMs: number } | undefined {
    const nowMs = this.#deps.clock.monotonicMs();
    let next: { readonly group: PollGroup; readonly dueMs: number } | undefined;
    for (const [group, dueMs] of this.#due) {
      if (this.#mayMakeUp(group, nowMs)) return { group, dueMs: nowMs };
      if (next === undefined || dueMs < next.dueMs) next = { group, dueMs };
    }
    return next;
  }

  /** It was missed, its member answers again, and its next slot is far. */
  #mayMakeUp(group: PollGroup, nowMs: number): boolean {
    if (this.#deps.member.misses > 0 || !this.#missedGroups.has(group)) return false;
    return (this.#due.get(group) ?? 0) - nowMs > nearMs;
  }

  async #poll(): Promise<void> {
    const { clock, isOpen, mayPoll, member, poll, report } = this.#deps;
    const plan = this.#plan;
    const next = this.#next();
    if (this.#isStopped || plan === undefined || next === undefined || !isOpen()) return;
    const { dueMs, group } = next;
    if (!mayPoll()) {
      report.polls("held");
      this.#pass(group, "held");
      this.arm();
      return;
    }
    this.#isPolling = true;
    const isMadeUp = this.#mayMakeUp(group, clock.monotonicMs());
    if (!isMadeUp) this.#pass(group, this.#restUntilMs > dueMs ? "resting" : "skipped");
    this.#missedGroups.delete(group);
    const isThere = member.misses === 0 && member.lastAnswerMs !== undefined;
    const result = await poll(plan, group, {
      rank: isThere ? dueMs : clock.monotonicMs() + group.everyMs,
      tries: member.misses === 0 ? "some" : "one",
    });
    this.#isPolling = false;
    if (this.#isStopped) return;
    if (result !== undefined) this.#took(result, group);
    else this.#due.set(group, isMadeUp ? dueMs : (this.#due.get(group) ?? 0) - group.everyMs);
    this.arm();
  }

  #took(result: PollResult, group: PollGroup): void {
    const { address, deliver, isLineTold, member, report } = this.#deps;
    if (result.silence !== undefined && !result.isAnswered) {
      member.trouble = result.silence;
      report.polls("missed");
      this.#missed(result.silence, group);
      return;
    }
    if (result.isAnswered) {
      member.misses = 0;
      this.#restUntilMs = 0;
      if (member.state !== "online" && isLineTold()) report.changed(member, address, "online");
    }
    if (result.isEmpty) return;
    member.trouble = result.trouble;
    report.polls(result.trouble === undefined ? "read" : "partial");
    deliver(result);
  }

  #missed(reason: string, group: PollGroup): void {
    const { address, clock, longestRestMs, member, report } = this.#deps;
    member.misses += 1;
    this.#missedGroups.add(group);
    if (member.misses > 1) {
      const firstMs = Math.max(leastRestMs, group.everyMs);
      const restMs = Math.min(longestRestMs, firstMs * 2 ** (member.misses - 2));
      this.#restUntilMs = clock.monotonicMs() + restMs;
    }
    if (member.misses < missesToOffline || member.state === "offline") return;
    member.forget();
    report.changed(member, address, "offline", reason);
  }

  /** The slot of now is taken, and those in front of it were not. */
  #pass(group: PollGroup, why: PollOutcome): void {
    const dueMs = this.#due.get(group) ?? 0;
    const passed = this.#passedSince(dueMs, group);
    this.#deps.report.polls(why, passed);
    this.#due.set(group, dueMs + (passed + 1) * group.everyMs);
  }

  #passedSince(dueMs: number, { everyMs }: PollGroup): number {
    return Math.max(0, Math.floor((this.#deps.clock.monotonicMs() - dueMs) / everyMs));
  }
}
