/** What an alert of one device waits for, in words: its timers, and how long a value counts. */
import { formatDuration } from "../../core/duration.ts";
import { formatTime } from "../../core/event-codec.ts";
import type { Alarm } from "../alarms/alarm.ts";
import type { HeldValue } from "../alarms/held-value.ts";
import type { NamedRule } from "../rule-set.ts";
import type { Watch } from "../watches/watch.ts";

/** One sentence each. */
export function factsOf(watch: Watch): string[] {
  const { alarm, kind, rule } = watch;
  const isHeld = kind === "threshold" || kind === "signal";
  return [
    ...sayTimes(alarm, rule),
    ...sayTimer(alarm, rule),
    ...(isHeld ? sayHold(watch.held, rule) : []),
    ...(rule.quality.length === 1 && rule.quality[0] === "good"
      ? []
      : [`samples count that are ${rule.quality.join(" or ")}`]),
    ...(rule.evaluate === "edge" ? ["its gateway evaluates it"] : []),
  ];
}

/** Where the device's line stands, by the rule's schedule. */
function sayTimes({ atMs, state }: Alarm, { times }: NamedRule): string[] {
  if (times === undefined || !Number.isFinite(atMs)) return [];
  const changeMs = times.nextChangeMs(atMs);
  const until = Number.isFinite(changeMs) ? ` until ${formatTime(changeMs)}` : "";
  if (!times.isWithin(atMs)) return [`it is outside of its schedule${until}`];
  return [
    `it is within its schedule${until}${state === "ok" ? "" : ", where it ends at the latest"}`,
  ];
}

function sayTimer(alarm: Alarm, { forSamples, keepFiringForMs, times }: NamedRule): string[] {
  const { atMs, dueMs, state } = alarm;
  const isDue =
    Number.isFinite(dueMs) && Number.isFinite(atMs) && dueMs !== times?.nextChangeMs(atMs);
  const left = isDue ? `in ${formatDuration(dueMs - atMs)}, at ${formatTime(dueMs)}` : "";
  switch (state) {
    case "ok":
      return [];
    case "pending": {
      if (forSamples === undefined) return isDue ? [`if it stays so it fires ${left}`] : [];
      const { level, timers } = alarm.toState();
      return [`${timers[level + 1] ?? 0} of ${forSamples} samples are beyond the limit`];
    }
    case "keeping":
      return isDue
        ? [`if it stays normal for ${formatDuration(keepFiringForMs)} it ends ${left}`]
        : [];
    case "firing":
      return isDue ? [`if it stays so its severity is another ${left}`] : [];
  }
}

function sayHold(
  { holdMs, known, missing, untilMs }: Readonly<HeldValue>,
  rule: NamedRule,
): string[] {
  const words = {
    keep: "what fires goes on",
    resolve: "what fires ends",
    fire: "that is a breach",
  };
  if (missing) return [`no value counts: ${words[rule.onMissing]} (on_missing: ${rule.onMissing})`];
  if (!known) return ["its timers stand still until the next sample"];
  if (rule.per === "gateway" || rule.per === "site")
    return ["what its window makes counts until the end of its next part"];
  return Number.isFinite(holdMs)
    ? [`a value counts for ${formatDuration(holdMs)}: this one until ${formatTime(untilMs)}`]
    : ["a value counts until the device is gone"];
}
