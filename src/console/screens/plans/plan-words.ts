/** How far a run of a plan is, and each of its steps, in words for people. Pure. */
import type { PlanRunRow } from "../../../api/shapes/command.ts";
import type { IconName } from "../../parts/icon.tsx";
import type { Tone } from "../../parts/pill.tsx";

export interface RunSaying {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
  /** What it means; empty where the word says it all. */
  readonly means: string;
}

const runSayings: Readonly<Record<string, Omit<RunSaying, "word">>> = {
  requested: {
    ...{ icon: "connecting", tone: "info" },
    means: "It is asked for; the part that runs plans has not begun it yet.",
  },
  running: { icon: "play", tone: "info", means: "Its steps are done one after another." },
  done: { icon: "check", tone: "normal", means: "All of its steps were done." },
  compensating: {
    ...{ icon: "left", tone: "warning" },
    means: "A step failed or it was cancelled: what was done is taken back, the last step first.",
  },
  compensated: {
    ...{ icon: "left", tone: "warning" },
    means: "It was not done, and what had been done was taken back.",
  },
  stuck: {
    ...{ icon: "error", tone: "critical" },
    means:
      "A step could not be taken back. Nothing further is done until somebody saw to its devices.",
  },
  cancelled: {
    ...{ icon: "blocked", tone: "normal" },
    means: "It was cancelled before anything was sent to a device.",
  },
};

/** A state that nobody knows here is told as it is. */
export function runSaying({ isFinal, state }: Pick<PlanRunRow, "state" | "isFinal">): RunSaying {
  if (state === "stuck" && isFinal) return settled;
  return { word: state, ...(runSayings[state] ?? { icon: "help", tone: "normal", means: "" }) };
}

const settled: RunSaying = {
  ...{ word: "stuck, settled", icon: "check", tone: "normal" },
  means: "A step could not be taken back, and somebody saw to its devices.",
};

/** `step 2 of 5`; undefined where it does not go forward, or has none. */
export function placeText({ state, steps }: PlanRunRow): string | undefined {
  const forward = steps.filter(({ isCompensation }) => !isCompensation);
  if (state !== "running" || forward.length === 0) return undefined;
  const behind = forward.filter(({ state }) => doneStates.has(state)).length;
  return `step ${Math.min(behind + 1, forward.length)} of ${forward.length}`;
}

const doneStates = new Set(["done", "acknowledged", "delivered", "sent"]);

/** A step that failed or that nobody knows of is seen from afar; the others are calm. */
export function stepTone(state: string): Tone {
  return /fail|refused|expired|timed|unknown|stuck|not.done/.test(state) ? "warning" : "normal";
}

/** The shape of a step: what is behind it, what it is at, what is to come. */
export function stepIcon(state: string): IconName {
  if (stepTone(state) === "warning") return "warning";
  if (doneStates.has(state)) return "check";
  return state === "to come" ? "empty" : "play";
}

/** What waits for somebody first, then what runs, then what has ended; of each the newest first. */
export function byNeed(one: PlanRunRow, other: PlanRunRow): number {
  return needOf(one) - needOf(other) || other.startedMs - one.startedMs;
}

function needOf({ isFinal, state }: PlanRunRow): number {
  if (isFinal) return 2;
  return state === "stuck" ? 0 : 1;
}
