/** How a device is, in one word. */
import type { EpochMs } from "../../core/clock.ts";
import type { DeviceEntry } from "./device-entry.ts";

/**
 * The first of these that holds:
 * - `never`: nothing ever came from it.
 * - `silent`: it was asked and does not answer, or gave no sign of life for three of its intervals, while
 *   a gateway ran.
 * - `clock-suspect`: the time it told last was not believed.
 * - `bad-quality`: the last value of some quantity cannot be trusted.
 * - `ok`
 */
export type DeviceState = "ok" | "never" | "silent" | "clock-suspect" | "bad-quality";

export const deviceStates: readonly DeviceState[] = [
  ...(["ok", "silent", "clock-suspect", "bad-quality", "never"] as const),
];

const silentIntervals = 3;

/** When processes of this gateway ran. */
export interface Running {
  readonly nowMs: EpochMs;
  readonly startedMs: EpochMs;
  /** The process before was there until then. */
  readonly endedMs: EpochMs;
}

export function stateOf(
  entry: DeviceEntry | undefined,
  intervalMs: number | undefined,
  running: Running,
): DeviceState {
  if (entry === undefined || isUnheard(entry)) return "never";
  if (entry.link?.cause === "no-answer") return "silent";
  if (intervalMs !== undefined && quietMs(entry, running) > silentIntervals * intervalMs)
    return "silent";
  if (entry.isClockSuspect) return "clock-suspect";
  for (const { quality } of entry.values.values()) if (quality === "bad") return "bad-quality";
  return "ok";
}

/** All that is known of it was said by somebody else. */
function isUnheard({ events, lifeMs, rejected }: DeviceEntry): boolean {
  return lifeMs === undefined && events === 0 && rejected === 0;
}

/** Time in which it said nothing; what passed between two processes nobody can know. */
function quietMs(
  { firstMs, lifeMs = firstMs }: DeviceEntry,
  { endedMs, nowMs, startedMs }: Running,
): number {
  if (lifeMs >= startedMs) return nowMs - lifeMs;
  return Math.max(0, endedMs - lifeMs) + nowMs - startedMs;
}
