/**
 * Times that VictoriaMetrics keeps: from 1970 to two days ahead of its clock. It answers that it took the
 * others, too, and drops them.
 */
import type { EpochMs } from "../core/clock.ts";
import type { WriteOutcome } from "./write-outcome.ts";

const aheadMs = 2 * 86_400_000;
const perMs = 1_000_000;
const reason = "VictoriaMetrics keeps no times before 1970, and none more than two days ahead";

export function isVictoriaTime(timeMs: EpochMs, nowMs: EpochMs): boolean {
  return timeMs >= 0 && timeMs <= nowMs + aheadMs;
}

/** Refused where one of the lines has such a time: then nothing is to be written. */
export function judgeTimes(lines: readonly string[], nowMs: EpochMs): WriteOutcome | undefined {
  let outside = 0;
  for (const line of lines) {
    const timeMs = Number(line.slice(line.lastIndexOf(" ") + 1)) / perMs;
    if (!isVictoriaTime(timeMs, nowMs)) outside += 1;
  }
  return outside > 0 ? { kind: "refused", points: outside, reason } : undefined;
}
