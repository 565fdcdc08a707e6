/** The way forward: what comes next of a run that is going well, or why it turns back. */
import type { EpochMs } from "../core/clock.ts";
import { effectOf } from "./attempt-effect.ts";
import { issue } from "./issue.ts";
import type { PersonsWord, PlanRun, StepRun } from "./plan-run.ts";
import { type RunChange, replaceStep } from "./replace-step.ts";
import { describeStep } from "./step-words.ts";

/** One change forward; undefined while there is something to wait for. */
export function goForward(run: PlanRun, nowMs: EpochMs): RunChange | undefined {
  const at = run.steps.findIndex((step) => !isDone(step));
  const step = run.steps[at];
  // A person's word that was stored in time counts, also where the last answer was under way.
  if (!step && run.cancel) return turnBack(run.cancel, "behind the last step");
  if (!step) return { state: "done" };
  const end = whyItEnds(run, nowMs, at, step);
  if (step.kind === "wait") {
    if (end !== undefined) return end;
    if (step.untilMs === undefined)
      return replaceStep(run, at, { ...step, untilMs: nowMs + step.forMs });
    return nowMs < step.untilMs ? undefined : replaceStep(run, at, { ...step, over: true });
  }
  const { attempt, onUnknown, order } = step;
  if (!attempt) {
    if (end !== undefined) return end;
    const expiresMs = Math.min(nowMs + order.expiresMs, run.endsMs);
    return replaceStep(run, at, {
      ...step,
      attempt: issue(`${run.run}.${at + 1}.1`, nowMs, expiresMs),
    });
  }
  const effect = effectOf(attempt);
  if (effect === "open") return undefined;
  const isStuck = effect === "unknown" && onUnknown === "stuck";
  return {
    ...(isStuck ? { state: "stuck", stuckMs: nowMs } : { state: "compensating" }),
    failedStep: at + 1,
    why: `${describeStep(step, at)}: ${attempt.state}${attempt.text ? `, ${attempt.text}` : ""}`,
  };
}

/** A step behind which the next one begins. */
function isDone(step: StepRun): boolean {
  if (step.kind === "wait") return step.over === true;
  return step.attempt !== undefined && effectOf(step.attempt) === "had";
}

/** Nothing new begins after a person's word, or when the time of the run is over. */
function whyItEnds(run: PlanRun, nowMs: EpochMs, at: number, step: StepRun): RunChange | undefined {
  const before = `before ${describeStep(step, at)}`;
  if (run.cancel) return turnBack(run.cancel, before);
  if (nowMs < run.endsMs) return undefined;
  return { state: "compensating", why: `its time was over ${before}` };
}

function turnBack({ by, reason }: PersonsWord, where: string): RunChange {
  const why = `cancelled by ${by} ${where}${reason === undefined ? "" : `: ${reason}`}`;
  return { state: "compensating", why };
}
