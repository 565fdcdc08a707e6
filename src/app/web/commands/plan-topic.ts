import type { Topic } from "../../../api/live/topic.ts";
import type { Clock } from "../../../core/clock.ts";
import type { PlanRun } from "../../../plans/plan-run.ts";
import { lookedAtTopic } from "../looked-at-topic.ts";
import { planRow } from "./plan-row.ts";

const lookEveryMs = 1_000;

/** Runs by name; while the backbone is away, as they were. */
export function plansTopic(read: () => Promise<readonly PlanRun[]>, clock: Clock): Topic {
  let runs: ReadonlyMap<string, PlanRun> = new Map();
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      const now = new Map((await read()).map((run) => [run.run, run]));
      for (const [name, { change }] of now)
        if (runs.get(name)?.change !== change) topic.touch(name);
      for (const name of runs.keys()) if (!now.has(name)) topic.touch(name);
      runs = now;
    } catch {
      // Looked at again; what is shown meanwhile is what was known last.
    } finally {
      isLooking = false;
    }
  };
  const rows = {
    get(name: string) {
      const run = runs.get(name);
      return run && planRow(run, runs.values());
    },
    *[Symbol.iterator]() {
      for (const [name, run] of runs) yield [name, planRow(run, runs.values())] as const;
    },
  };
  const beat = { everyMs: lookEveryMs, run: () => void look() };
  const topic: Topic = lookedAtTopic("plans", () => rows, clock, [beat]);
  void look();
  return topic;
}
