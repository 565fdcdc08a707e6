/**
 * The state machine of a run, pure: what is known goes in, what is to be stored comes out. Nothing is
 * done here, and nothing is remembered but in the run itself; so whoever reads a run that another
 * process stored goes on as that one would have.
 *
 * Invariants
 * - A command stands in the run before anybody may issue it.
 * - Each step has one command, and each try to take it back one more; their ids never change.
 * - A step is begun only when the one before it succeeded, and is taken back only when the one behind
 *   it was taken back, or had no effect.
 * - What may have had an effect is never passed over on the way back.
 */
import type { EpochMs } from "../core/clock.ts";
import type { CommandReply } from "../core/command.ts";
import { goBack, nextTryOf } from "./go-back.ts";
import { goForward } from "./go-forward.ts";
import { type Attempt, hasEnded, type PersonsWord, type PlanRun } from "./plan-run.ts";
import type { RunChange } from "./replace-step.ts";

/** The run as it is to be stored next; the same run where there is nothing to change. */
export function advance(run: PlanRun, nowMs: EpochMs): PlanRun {
  let changed: RunChange | undefined;
  let next = run;
  while (!hasEnded(next)) {
    const change = step(next, nowMs);
    if (!change) break;
    changed = { ...changed, ...change };
    next = { ...next, ...change };
  }
  return changed ? changeOf(run, changed, nowMs) : run;
}

function step(run: PlanRun, nowMs: EpochMs): RunChange | undefined {
  switch (run.state) {
    case "requested":
      if (run.cancel) return { state: "cancelled", why: `cancelled by ${run.cancel.by}` };
      if (nowMs >= run.endsMs)
        return { state: "cancelled", why: "nobody took it up before its time was over" };
      return { state: "running" };
    case "running":
      return goForward(run, nowMs);
    case "compensating":
      return goBack(run, nowMs);
    default:
      return undefined;
  }
}

/** When the run has to be looked at again, where nothing is heard before; undefined for never. */
export function nextLookMs(run: PlanRun): EpochMs | undefined {
  if (run.state === "compensating") return nextTryOf(run);
  if (run.state !== "running") return undefined;
  const wait = run.steps.find((one) => one.kind === "wait" && !one.over);
  const untilMs = wait?.kind === "wait" ? wait.untilMs : undefined;
  return untilMs === undefined ? undefined : Math.min(untilMs, run.endsMs);
}

/**
 * The run with what a gateway says of one of its commands; the same where that is no news. A last word
 * counts also where nobody waits for it any more: what is taken back next is decided by it.
 */
export function hear(run: PlanRun, reply: CommandReply, nowMs: EpochMs): PlanRun {
  return changeAttempt(run, reply.command, nowMs, (attempt) => {
    const isNews = attempt.final
      ? attempt.givenUp === true && reply.final
      : reply.final || reply.step > attempt.heard;
    if (!isNews) return undefined;
    const { givenUp: _, text: __, ...rest } = attempt;
    return {
      ...rest,
      state: reply.state,
      heard: reply.step,
      final: reply.final,
      atMs: nowMs,
      ...(saysThatItLeft(reply) && { left: true }),
      ...(reply.text !== undefined && { text: reply.text }),
    };
  });
}

/** The run after it was found that nothing more may be heard of a command for long. */
export function giveUpOn(run: PlanRun, command: string, nowMs: EpochMs, text: string): PlanRun {
  return changeAttempt(run, command, nowMs, (attempt) =>
    attempt.final
      ? undefined
      : { ...attempt, state: "unknown", final: true, givenUp: true, atMs: nowMs, text },
  );
}

/** The run after a person took it back; the same where that comes too late. */
export function cancelRun(run: PlanRun, cancel: PersonsWord): PlanRun {
  const isOpen = run.state === "requested" || run.state === "running";
  return isOpen && !run.cancel ? changeOf(run, { cancel }, cancel.atMs) : run;
}

/** A stuck run after a person saw to it; the same where it is not stuck. */
export function settleRun(run: PlanRun, settled: PersonsWord): PlanRun {
  return run.state === "stuck" && !run.settled ? changeOf(run, { settled }, settled.atMs) : run;
}

function saysThatItLeft({ attempt, state }: CommandReply): boolean {
  const states = ["sent", "delivered", "acknowledged", "timed-out", "unknown"];
  return attempt !== undefined || states.includes(state);
}

function changeAttempt(
  run: PlanRun,
  command: string,
  atMs: EpochMs,
  of: (attempt: Attempt) => Attempt | undefined,
): PlanRun {
  for (const [at, step] of run.steps.entries()) {
    if (step.kind !== "command") continue;
    for (const which of ["attempt", "undo"] as const) {
      const attempt = step[which];
      const next = attempt?.id === command ? of(attempt) : undefined;
      if (next)
        return changeOf(run, { steps: run.steps.with(at, { ...step, [which]: next }) }, atMs);
    }
  }
  return run;
}

function changeOf(run: PlanRun, change: RunChange, nowMs: EpochMs): PlanRun {
  return { ...run, ...change, change: run.change + 1, changedMs: nowMs };
}
