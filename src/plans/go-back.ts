/**
 * The way back: steps are taken back one after the other, the last first, and only those that had,
 * or may have had, an effect. One that cannot be taken back ends the way: what came before it may
 * rest on it.
 */
import type { EpochMs } from "../core/clock.ts";
import { effectOf } from "./attempt-effect.ts";
import { issue } from "./issue.ts";
import type { Attempt, PlanRun, StepRun } from "./plan-run.ts";
import { type RunChange, replaceStep } from "./replace-step.ts";
import { describeStep } from "./step-words.ts";

/** Waits between tries double from the first to the last of these. */
const firstWaitMs = 5_000;
const longestWaitMs = 300_000;

/** One change back; undefined while there is something to wait for. */
export function goBack(run: PlanRun, nowMs: EpochMs): RunChange | undefined {
  for (let at = run.steps.length - 1; at >= 0; at -= 1) {
    const step = run.steps[at];
    if (step?.kind !== "command" || !step.attempt) continue;
    const { attempt, compensate, undo } = step;
    if (isOpen(attempt) || (undo && isOpen(undo))) return undefined;
    const isTakenBack = undo !== undefined && effectOf(undo) === "had";
    if (effectOf(attempt) === "none" || !compensate || isTakenBack) continue;
    return takeBack(run, nowMs, at, step);
  }
  return { state: run.cancel && !hasLeft(run) ? "cancelled" : "compensated" };
}

function takeBack(
  run: PlanRun,
  nowMs: EpochMs,
  at: number,
  step: Extract<StepRun, { kind: "command" }>,
): RunChange | undefined {
  const { compensate, undo, undoTries = 0 } = step;
  const sinceMs = step.undoSinceMs ?? nowMs;
  const untilMs = sinceMs + run.giveUpMs;
  if (undo) {
    if (nextTryMs(run, undo.atMs, undoTries, sinceMs) > nowMs) return undefined;
    if (nowMs >= untilMs)
      return {
        state: "stuck",
        stuckMs: nowMs,
        failedStep: at + 1,
        why:
          `${describeStep(step, at)} could not be taken back: ${compensate?.command} on ` +
          `${compensate?.device} ${undo.state} at try ${undoTries}${undo.text ? `, ${undo.text}` : ""}`,
      };
  }
  const tries = undoTries + 1;
  const expiresMs = Math.min(nowMs + (compensate?.expiresMs ?? 0), untilMs);
  const id = `${run.run}.${at + 1}-undo.${tries}`;
  return replaceStep(run, at, {
    ...step,
    undo: issue(id, nowMs, expiresMs),
    undoTries: tries,
    undoSinceMs: sinceMs,
  });
}

/** When the next try begins; never later than the giving up. */
function nextTryMs(run: PlanRun, endedMs: EpochMs, tries: number, sinceMs: EpochMs): EpochMs {
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1));
  return Math.min(endedMs + waitMs, sinceMs + run.giveUpMs);
}

/** When a run that goes back has to be looked at, where no reply comes before. */
export function nextTryOf(run: PlanRun): EpochMs | undefined {
  for (const step of run.steps) {
    if (step.kind !== "command" || !step.undo) continue;
    const effect = effectOf(step.undo);
    if (effect === "had") continue;
    if (effect === "open") return undefined;
    return nextTryMs(run, step.undo.atMs, step.undoTries ?? 1, step.undoSinceMs ?? 0);
  }
  return undefined;
}

function isOpen(attempt: Attempt): boolean {
  return effectOf(attempt) === "open";
}

/** True where a device may have heard of the run. */
function hasLeft({ steps }: PlanRun): boolean {
  return steps.some(
    (step) =>
      step.kind === "command" &&
      step.attempt !== undefined &&
      (step.attempt.left === true || effectOf(step.attempt) !== "none"),
  );
}
