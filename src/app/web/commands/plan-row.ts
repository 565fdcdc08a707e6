/** A run of a plan with its steps, as a row. */
import type { PlanOutline, PlanRunRow } from "../../../api/shapes/command.ts";
import { formatDuration } from "../../../core/duration.ts";
import type { Attempt, BoundOrder, BoundStep, PlanRun, StepRun } from "../../../plans/plan-run.ts";
import { isOver } from "../../../plans/plan-run.ts";
import { waitsFor } from "../../../plans/waits-for.ts";

type Step = PlanRunRow["steps"][number];

/** `runs` are all: one may wait for another. */
export function planRow(run: PlanRun, runs: Iterable<PlanRun>): PlanRunRow {
  const { cancel, changedMs, plan, requested, settled, site, state, why } = run;
  const said = [
    waitsFor(run, runs),
    why,
    cancel?.reason,
    settled && `settled by ${settled.by}`,
    settled?.reason,
  ];
  const text = said.filter((one) => one !== undefined).join("; ");
  return {
    ...{ run: run.run, plan, site, state, changedMs },
    isFinal: isOver(run),
    by: requested.by,
    startedMs: requested.atMs,
    text: text === "" ? null : text,
    steps: run.steps.flatMap(stepsOf),
  };
}

/** What would be done, before anything is. */
export function outlineOf(steps: readonly BoundStep[]): PlanOutline["steps"] {
  return steps.map((step) => ({
    what: wordsOf(step),
    undo: step.kind === "command" && step.compensate ? orderWords(step.compensate) : null,
  }));
}

function stepsOf(step: StepRun, at: number): Step[] {
  const name = String(at + 1);
  const what = wordsOf(step);
  if (step.kind === "wait") {
    const state = step.over ? "done" : step.untilMs === undefined ? "to come" : "waiting";
    return [{ name, what, state, text: null, command: null, isCompensation: false }];
  }
  const { attempt, compensate, undo, undoTries = 1 } = step;
  const done: Step = { name, what, ...attemptOf(attempt), isCompensation: false };
  if (!undo || !compensate) return [done];
  const back = { ...attemptOf(undo), name: `${name} back`, what: orderWords(compensate) };
  const tries = undoTries > 1 ? `try ${undoTries}` : undefined;
  const text = [tries, back.text ?? undefined].filter((one) => one !== undefined).join(": ");
  return [done, { ...back, text: text === "" ? null : text, isCompensation: true }];
}

function attemptOf(attempt: Attempt | undefined): Pick<Step, "state" | "text" | "command"> {
  if (attempt === undefined) return { state: "to come", text: null, command: null };
  return { state: attempt.state, text: attempt.text ?? null, command: attempt.id };
}

function wordsOf(step: BoundStep): string {
  return step.kind === "wait" ? `wait ${formatDuration(step.forMs)}` : orderWords(step.order);
}

/** `set_setpoint setpoint=-18 on freezer-07`. */
function orderWords({ command, device, params }: BoundOrder): string {
  const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  return `${[command, ...given].join(" ")} on ${device}`;
}
