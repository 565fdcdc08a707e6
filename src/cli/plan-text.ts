/** Runs of plans in lines for people. */
import { formatDuration } from "../core/duration.ts";
import { formatTime } from "../core/event-codec.ts";
import type { Attempt, BoundOrder, BoundStep, PlanRun, StepRun } from "../plans/plan-run.ts";
import { stepWords } from "../plans/step-words.ts";

/** One line for a run. */
export function runLine(run: PlanRun): string {
  const { changedMs, run: name, settled, state, steps } = run;
  const at = steps.findIndex((step) => !isBehind(step));
  const words = state === "running" && at >= 0 ? ` step ${at + 1} of ${steps.length}` : "";
  const by = settled ? `, settled by ${settled.by}` : "";
  return `${name}  ${state}${words}${by}  ${formatTime(changedMs)}${run.why ? `  ${run.why}` : ""}`;
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
    ...run.steps.flatMap((step, at) => stepLines(step, at)),
  ];
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

function orderWords({ command, device, expiresMs, gateway, params }: BoundOrder): string {
  const given = Object.entries(params).map(([name, value]) => ` ${name}=${value}`);
  const valid = formatDuration(expiresMs);
  return `${command}${given.join("")} on ${device} (gateway ${gateway}, valid for ${valid})`;
}

function stepLines(step: StepRun, at: number): readonly string[] {
  const head = `  ${at + 1} ${stepWords(step)}`;
  if (step.kind === "wait") {
    if (step.over) return [`${head}  over`];
    return [step.untilMs === undefined ? head : `${head}  until ${formatTime(step.untilMs)}`];
  }
  const { attempt, compensate, undo, undoTries } = step;
  return [
    attempt ? `${head}  ${attemptWords(attempt)}` : head,
    ...(undo
      ? [`      taken back by ${compensate?.command}, try ${undoTries}: ${attemptWords(undo)}`]
      : []),
  ];
}

function attemptWords({ atMs, final, state, text }: Attempt): string {
  const going = final ? "" : "…";
  return `${state}${going} ${formatTime(atMs)}${text === undefined ? "" : `  ${text}`}`;
}

function words({ atMs, by, reason }: PlanRun["requested"]): string {
  return `${by} ${formatTime(atMs)}${reason === undefined ? "" : `: ${reason}`}`;
}

function isBehind(step: StepRun): boolean {
  return step.kind === "wait" ? step.over === true : step.attempt?.final === true;
}
