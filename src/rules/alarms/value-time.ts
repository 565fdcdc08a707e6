/**
 * How time passes over a value between its samples: the value counts for `hold` at most, then the
 * condition is unknown, and may be missing. Time in which its gateway did not listen makes nothing missing.
 */

import type { OnMissing } from "../rule.ts";
import type { Alarm } from "./alarm.ts";
import type { HeldValue } from "./held-value.ts";
import type { MissingValue } from "./missing-value.ts";

export interface TimedValue {
  readonly alarm: Alarm;
  readonly held: HeldValue;
  readonly missing: Pick<MissingValue, "isBreach" | "notice">;
}

/**
 * Time went on up to `reachMs` of the device's line. A pending alert waits for a value for
 * `patienceMs`, then it forgets its breach.
 */
export function passTime(value: TimedValue, reachMs: number, patienceMs: number): void {
  const { alarm, held, missing } = value;
  const { untilMs } = held;
  if (held.known) {
    alarm.run(Math.min(reachMs, untilMs));
    if (reachMs <= untilMs) return;
    held.doubt(untilMs);
  }
  if (!held.missing) forgetPending(value, Math.min(reachMs, untilMs), patienceMs);
  alarm.closeBy(Math.min(reachMs, untilMs));
  if (!held.missing && reachMs > held.missedMs) missing.notice(held.missedMs);
  if (missing.isBreach) alarm.run(reachMs);
  else {
    forgetPending(value, reachMs, patienceMs);
    alarm.skip(Math.min(reachMs, held.reachMs));
    alarm.closeBy(reachMs);
  }
}

/** Where on the device's line something may change without a sample; infinity for nowhere. */
export function dueOf(
  { alarm, held, missing }: TimedValue,
  onMissing: OnMissing,
  patienceMs: number,
): number {
  const isMissed = !held.missing && (alarm.state !== "ok" || onMissing === "fire");
  const dueMs = isMissed ? held.missedMs : Number.POSITIVE_INFINITY;
  if (held.known || missing.isBreach) return Math.min(dueMs, alarm.dueMs);
  const forgetMs = alarm.state === "pending" ? held.unknownMs + patienceMs : alarm.closesMs;
  return Math.min(dueMs, forgetMs);
}

function forgetPending({ alarm, held }: TimedValue, reachMs: number, patienceMs: number): void {
  if (alarm.state === "pending" && reachMs > held.unknownMs + patienceMs) alarm.turn(-1);
}
