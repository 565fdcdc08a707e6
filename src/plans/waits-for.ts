import type { PlanRun } from "./plan-run.ts";
import { devicesOf } from "./turns.ts";

/**
 * Of a requested run, in words: which run has a device that it needs, such as `waits for shut_line-1, which
 * has pump-1 of gw1`; undefined where none has.
 */
export function waitsFor(run: PlanRun, runs: Iterable<PlanRun>): string | undefined {
  if (run.state !== "requested") return undefined;
  const devices = devicesOf(run);
  for (const other of runs) {
    if (other.run === run.run || !isBefore(other, run)) continue;
    const held = devicesOf(other).find((device) => devices.includes(device));
    if (held !== undefined) return `waits for ${other.run}, which has ${held}`;
  }
  return undefined;
}

function isBefore({ requested, state }: PlanRun, run: PlanRun): boolean {
  if (state === "requested") return requested.atMs < run.requested.atMs;
  return state === "running" || state === "compensating";
}
