/** Runs of plans in lines for people. */
import { formatDuration } from "../core/duration.ts";
import { formatTime } from "../core/event-codec.ts";
import type { Attempt, BoundOrder, BoundStep, PlanRun, StepRun } from "../plans/plan-run.ts";
import { stepWords } from "../plans/step-words.ts";

/** One line for a run. */
export function runLine(run: PlanRun): string {
  const { changedMs, run: name, settled, state } = run;
  const by = settled ? `, settled by ${settled.by}` : "";
  const why = run.why ? `  ${run.why}` : "";
  return `${name}  ${state}${placeWords(run)}${by}  ${formatTime(changedMs)}${why}`;
}

/** At which step a run is, and how far that one is. */
function placeWords({ state, steps }: PlanRun): string {
  if (state === "compensating") {
    const at = steps.findIndex((step) => step.kind === "command" && step.undo !== undefined);
    const step = steps[at];
    if (step?.kind !== "command" || !step.undo) return "";
    return ` step ${at + 1}, try ${step.undoTries} ${step.undo.state}`;
  }
  const at = steps.findIndex((step) => !isBehind(step));
  const step = steps[at];
  if (state !== "running" || !step) return "";
  const how = step.kind === "wait" ? " waits" : step.attempt ? ` ${step.attempt.state}` : "";
  return ` step ${at + 1} of ${steps.length}${how}`;
}

/** A run whole: its steps with their states and times. */
export function runLines(run: PlanRun): readonly string[] {
  const { cancel, params, requested, settled, site, why } = run;
  const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  return [
    `${run.run}  ${run.state}`,
    `  plan ${[run.plan, ...given].join(" ")}, site ${site}`,
    `  requested by ${words(requested)}`,
    ...(cancel ? [`  cancelled by ${words(cancel)}`] : []),
    ...(why === undefined ? [] : [`  why: ${why}`]),
    ...(settled ? [`  settled by ${words(settled)}`] : []),
    ...run.steps.flatMap((step, at) => stepLines(step, at, run.state === "running")),
    ...(run.state === "stuck" && !settled ? [`  ${settleAdvice(run)}`] : []),
  ];
}

/** What a person does about a run that is stuck. */
export function settleAdvice({ run }: Pick<PlanRun, "run">): string {
  return `see to its devices, then: sluicegate plan settle ${run} --reason "what was done"`;
}

/** What would be done, before anything is. */
export function dryLines(steps: readonly BoundStep[]): readonly string[] {
  return steps.map((step, at) => {
    const head = `${at + 1} ${stepWords(step)}`;
    if (step.kind === "wait") return head;
    const { compensate, onUnknown, order } = step;
    const back = compensate
      ? `; taken back by ${orderWords(compensate)}`
      : "; nothing takes it back";
    const stuck = onUnknown === "stuck" ? "; a person is called where its end is unknown" : "";
    return `${at + 1} ${orderWords(order)}${back}${stuck}`;
  });
}

function orderWords(order: BoundOrder): string {
  const { device, expiresMs, gateway } = order;
  const valid = formatDuration(expiresMs);
  return `${commandWords(order)} on ${device} (gateway ${gateway}, valid for ${valid})`;
}

function commandWords({ command, params }: BoundOrder): string {
  return [command, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(" ");
}

function stepLines(step: StepRun, at: number, isForward: boolean): readonly string[] {
  if (step.kind === "wait") {
    const head = `  ${at + 1} ${stepWords(step)}`;
    if (step.over) return [`${head}  over`];
    if (step.untilMs === undefined) return [head];
    return [isForward ? `${head}  until ${formatTime(step.untilMs)}` : `${head}  given up`];
  }
  const { attempt, compensate, order, undo, undoTries } = step;
  const head = `  ${at + 1} ${commandWords(order)} on ${order.device}`;
  const elsewhere = compensate?.device === order.device ? "" : ` on ${compensate?.device}`;
  return [
    attempt ? `${head}  ${attemptWords(attempt)}` : head,
    ...(undo && compensate
      ? [
          `      taken back by ${commandWords(compensate)}${elsewhere}, try ${undoTries}: ${attemptWords(undo)}`,
        ]
      : []),
  ];
}

function attemptWords({ atMs, expiresMs, final, left, state, text }: Attempt): string {
  const going = final ? "" : "…";
  const valid = final || left ? "" : `  valid until ${formatTime(expiresMs)}`;
  return `${state}${going} ${formatTime(atMs)}${text === undefined ? "" : `  ${text}`}${valid}`;
}

function words({ atMs, by, reason }: PlanRun["requested"]): string {
  return `${by} ${formatTime(atMs)}${reason === undefined ? "" : `: ${reason}`}`;
}

function isBehind(step: StepRun): boolean {
  return step.kind === "wait" ? step.over === true : step.attempt?.final === true;
}
