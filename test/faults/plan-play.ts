/** Runs of a plan with fates that chance decides, and what must be true of them in the end. */
import type { Command } from "../../src/core/command.ts";
import { toSiteId } from "../../src/core/ids.ts";
import { bindPlan } from "../../src/plans/bind-plan.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { parsePlans } from "../../src/plans/plan-schema.ts";
import { requestRun } from "../../src/plans/request-run.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { origin } from "../support/gateway-stream.ts";
import type { Effect, Fate } from "./plan-gateway.ts";

const written = {
  version: 1,
  plans: [
    {
      name: "shut_line",
      params: { n: { type: "number" } },
      steps: [
        { command: "close", device: "valve-{n}", compensate: { command: "open" } },
        { command: "stop", device: "pump-{n}", compensate: { command: "start" } },
        { wait: "300ms" },
        { command: "vent", device: "tank-{n}", compensate: { command: "seal" } },
      ],
    },
  ],
};

/** A run of it, over devices of its own. */
export function requestPlay(n: number, nowMs: number): PlanRun {
  const checked = parsePlans(written);
  const [plan] = checked.ok ? checked.value : [];
  if (!plan) throw new Error(`the plan of the play is wrong: ${JSON.stringify(checked)}`);
  const bound = bindPlan(plan, { n: String(n) }, origin.gateway);
  if ("problems" in bound) throw new Error(bound.problems.join("; "));
  const place = { run: `shut_line-${n}`, site: toSiteId(origin.site) };
  return requestRun(plan, bound, place, { by: "play", atMs: nowMs });
}

/** Half of all forward commands end well; a first try to take back may fail, the second does not. */
export function fateOf(seed: string, { id }: Command): Fate {
  const random = createSeededRandom(`${seed} ${id.replace(/\.anew-.*$/, "")}`);
  const drawn = random();
  const tryNumber = Number(/-undo\.(\d+)/.exec(id)?.[1] ?? 0);
  if (tryNumber > 1 || drawn < 0.75) return { end: "acknowledged", hasEffect: true };
  if (drawn < 0.82) return { end: "refused", hasEffect: false };
  if (drawn < 0.88) return { end: "expired", hasEffect: false };
  return { end: "timed-out", hasEffect: random() < 0.5 };
}

export interface PlayVerdict {
  readonly ends: Readonly<Record<string, number>>;
  /** Runs without an end, or whose end is not what their devices show. */
  readonly wrong: number;
  /** Steps that had their effect more than once. */
  readonly doubled: number;
  readonly examples: readonly string[];
}

/** Compares how runs ended with what their devices did. */
export function judgePlay(runs: readonly PlanRun[], effects: readonly Effect[]): PlayVerdict {
  const ends: Record<string, number> = {};
  const examples: string[] = [];
  let wrong = 0;
  let doubled = 0;
  for (const run of runs) {
    ends[run.state] = (ends[run.state] ?? 0) + 1;
    const own = effects.filter(({ command }) => command.run === run.run);
    const parts = own.map(({ command: { id } }) => partsOf(id));
    const forward = parts.filter(({ isUndo }) => !isUndo).map(({ step }) => step);
    const back = parts.filter(({ isUndo }) => isUndo).map(({ step }) => step);
    const twice = forward.length - new Set(forward).size;
    doubled += twice;
    const fits = twice === 0 && isRight(run, forward, back, parts);
    if (fits) continue;
    wrong += 1;
    const done = own.map(({ command: { id } }) => id.slice(run.run.length)).join(" ");
    examples.push(`${run.run} is ${run.state} (${run.why ?? "no reason"}), its devices: ${done}`);
  }
  return { ends, wrong, doubled, examples: examples.slice(0, 5) };
}

interface Part {
  readonly step: number;
  readonly isUndo: boolean;
}

function isRight(
  { state }: PlanRun,
  forward: readonly number[],
  back: readonly number[],
  parts: readonly Part[],
): boolean {
  const inOrder = isSorted(forward, 1) && isSorted(back, -1);
  if (state === "done") return inOrder && forward.join() === "1,2,4" && back.length === 0;
  if (state !== "compensated") return false;
  const areBack = forward.every((step) => parts.findLast((part) => part.step === step)?.isUndo);
  return inOrder && areBack;
}

function isSorted(numbers: readonly number[], direction: 1 | -1): boolean {
  return numbers.every((one, at) => at === 0 || (one - (numbers[at - 1] ?? one)) * direction >= 0);
}

/** Of `shut_line-7.3-undo.2`: the step, and whether it is taken back. */
function partsOf(id: string): Part {
  const [, step = "0", undo] = /\.(\d+)(-undo)?\.\d+/.exec(id) ?? [];
  return { step: Number(step), isUndo: undo !== undefined };
}
