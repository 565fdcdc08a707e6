/** The moments of a run after the wall clock was set: what lasts some time lasts that long by any clock. */
import type { EpochMs } from "../core/clock.ts";
import { clockStepMs } from "../core/gateway-time.ts";
import { effectOf } from "./attempt-effect.ts";
import { hasEnded, type PlanRun, type StepRun } from "./plan-run.ts";

/**
 * How far the clock went back between a stored run and now; 0 or less. What is stored was stored in the
 * past, so a run of the future tells that the clock which wrote it, or this one, was set.
 */
export function setBackMs({ changedMs }: Pick<PlanRun, "changedMs">, nowMs: EpochMs): number {
  return nowMs - changedMs < -clockStepMs ? nowMs - changedMs : 0;
}

/**
 * The run after the clock was set by `byMs`; the same where nothing of it is measured. Waits move with the
 * clock. The end of the run's time moves back only: a clock that went ahead may have stood still, as that of
 * a box that slept, and nothing may begin behind that end.
 */
export function moveMoments(run: PlanRun, byMs: number, nowMs: EpochMs): PlanRun {
  if (byMs === 0 || hasEnded(run)) return run;
  const endsMs =
    run.state === "compensating" ? run.endsMs : Math.max(0, run.endsMs + Math.min(0, byMs));
  const steps = run.steps.map((step) => moveStep(step, byMs));
  const isSame = endsMs === run.endsMs && steps.every((step, at) => step === run.steps[at]);
  if (isSame) return run;
  return { ...run, endsMs, steps, change: run.change + 1, changedMs: nowMs };
}

function moveStep(step: StepRun, byMs: number): StepRun {
  if (step.kind === "wait") {
    if (step.over || step.untilMs === undefined) return step;
    return { ...step, untilMs: Math.max(0, step.untilMs + byMs) };
  }
  const { undo, undoSinceMs } = step;
  if (!undo || undoSinceMs === undefined || effectOf(undo) === "had") return step;
  return {
    ...step,
    undo: { ...undo, atMs: Math.max(0, undo.atMs + byMs) },
    undoSinceMs: Math.max(0, undoSinceMs + byMs),
  };
}
