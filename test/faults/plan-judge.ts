/** What must be true of runs of plans in the end, by what their devices did. */
import { effectOf } from "../../src/plans/attempt-effect.ts";
import type { Attempt, PlanRun } from "../../src/plans/plan-run.ts";
import type { Actuator } from "../../src/simulate/actuator.ts";

export interface PlanVerdict {
  readonly ends: Readonly<Record<string, number>>;
  /** Runs without an end, or whose end is not what their devices did. */
  readonly wrong: number;
  /** Steps that were done more than once, and commands. */
  readonly doubled: number;
  /** All that devices did. */
  readonly effects: number;
  readonly examples: readonly string[];
}

/** One thing that a device did for a run. */
interface Effect {
  readonly id: string;
  readonly step: number;
  readonly isUndo: boolean;
  readonly atMs: number;
}

export function judgePlans(runs: readonly PlanRun[], devices: readonly Actuator[]): PlanVerdict {
  const all = effectsAt(devices);
  const ends: Record<string, number> = {};
  const examples: string[] = [];
  let wrong = 0;
  let doubled = 0;
  for (const run of runs) {
    ends[run.state] = (ends[run.state] ?? 0) + 1;
    const effects = all.filter(({ id }) => id.startsWith(`${run.run}.`));
    const twice = countTwice(effects);
    doubled += twice;
    const fault = faultOf(run, effects);
    if (fault === undefined && twice === 0) continue;
    wrong += 1;
    const done = effects.map(({ id }) => id.slice(run.run.length)).join(" ");
    examples.push(`${run.run}, ${fault ?? "done twice"}: ${run.state} (${run.why}), done: ${done}`);
  }
  return { ends, wrong, doubled, effects: all.length, examples: examples.slice(0, 5) };
}

/** In the order in which they were done. */
function effectsAt(devices: readonly Actuator[]): Effect[] {
  return devices
    .flatMap(({ deeds }) => deeds.filter(({ did }) => did))
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, command: id }) => {
      // Of `shut_line-7.3-undo.2`: the step, and whether it is taken back.
      const [, step = "0", undo] = /\.(\d+)(-undo)?\.\d+/.exec(id) ?? [];
      return { id, atMs, step: Number(step), isUndo: undo !== undefined };
    });
}

function countTwice(effects: readonly Effect[]): number {
  const forward = effects.filter(({ isUndo }) => !isUndo).map(({ step }) => step);
  const back = effects.filter(({ isUndo }) => isUndo).map(({ id }) => id);
  return forward.length - new Set(forward).size + back.length - new Set(back).size;
}

function faultOf(run: PlanRun, effects: readonly Effect[]): string | undefined {
  const forward = effects.filter(({ isUndo }) => !isUndo).map(({ step }) => step);
  const back = effects.filter(({ isUndo }) => isUndo).map(({ step }) => step);
  if (!isSorted(forward, 1) || !isSorted(back, -1)) return "not in order";
  if (run.steps.some((_, at) => !saysWhatWasDone(run, at, effects))) return "not as it says";
  const isBack = (step: number): boolean =>
    effects.findLast((effect) => effect.step === step)?.isUndo === true;
  switch (run.state) {
    case "done":
      return forward.join() === "1,2,4" && back.length === 0 ? undefined : "not all is done";
    case "compensated":
      return forward.every(isBack) ? undefined : "not all is taken back";
    case "stuck": {
      const at = run.failedStep ?? 0;
      const isRight = forward.every((step) => step === at || isBack(step) === step > at);
      return isRight ? undefined : "not taken back down to where it is stuck";
    }
    default:
      return "without an end";
  }
}

function saysWhatWasDone({ steps }: PlanRun, at: number, effects: readonly Effect[]): boolean {
  const step = steps[at];
  if (step?.kind !== "command") return true;
  return [step.attempt, step.undo].every(
    (attempt) => !attempt || fits(attempt, effects.filter(({ id }) => id === attempt.id).length),
  );
}

function fits(attempt: Attempt, count: number): boolean {
  const effect = effectOf(attempt);
  if (effect === "open") return false;
  return effect === "unknown" || count === (effect === "had" ? 1 : 0);
}

function isSorted(numbers: readonly number[], direction: 1 | -1): boolean {
  return numbers.every((one, at) => at === 0 || (one - (numbers[at - 1] ?? one)) * direction >= 0);
}
