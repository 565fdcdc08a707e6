/** What is drawn into the history of a quantity: limits of rules that judge it, and its alerts. */
import type { History } from "../../../api/shapes/history.ts";
import type { AlertTransition } from "../../../core/alert.ts";
import type { EpochMs } from "../../../core/clock.ts";
import type { DevicePlace } from "../../../core/device-key.ts";
import { alertsStream, siteAlerts } from "../../../core/subject.ts";
import type { Bound, Level, Rule } from "../../../rules/rule.ts";
import type { RuleDevice } from "../../../rules/rule-device.ts";
import { fieldsOf } from "../../../rules/rule-expression.ts";
import { matchesAny, selectsByNames } from "../../../rules/select.ts";
import { readStreamFacts } from "../../../stream/message-get.ts";
import { parseStoredTransition } from "../../../stream/parse-transition.ts";
import { readMatching } from "../../../stream/read-subject.ts";
import { levelsOf, type RuleBook, signs } from "../alerts/rule-book.ts";
import type { Connection } from "../over-backbone.ts";

const mostTransitions = 50_000;
const mostEpisodes = 500;

/** Of the rules that are about this device and metric. */
export function limitsOf(rules: RuleBook, device: RuleDevice, metric: string): History["limits"] {
  const limits: History["limits"] = [];
  for (const [rule, { condition, enabled, select, where }] of rules.all()) {
    if (!enabled || !judges({ condition, select }, metric)) continue;
    if (!selectsByNames(select, device) || !(where?.holdsFor(fieldsOf(device)) ?? true)) continue;
    // Limits of what a rule makes of the values say nothing about the values themselves.
    if (condition.kind !== "threshold") continue;
    for (const { limit, severity } of levelsOf(condition))
      for (const value of boundsOf(limit, device))
        limits.push({ rule, severity, op: signs[limit.kind], value });
  }
  return limits;
}

function judges({ condition, select }: Pick<Rule, "condition" | "select">, metric: string) {
  if ("metric" in condition && condition.metric === metric) return true;
  return (
    select.metric === metric || (select.metrics !== undefined && matchesAny(select.metrics, metric))
  );
}

function boundsOf(limit: Level["limit"], { attrs }: RuleDevice): number[] {
  const numberIn = (bound: Bound): number => {
    if (typeof bound === "number") return bound;
    const own = attrs[bound.attr];
    return typeof own === "number" ? own : bound.default;
  };
  if ("bound" in limit) return [numberIn(limit.bound)];
  if ("low" in limit) return [numberIn(limit.low), numberIn(limit.high)];
  return typeof limit.value === "number" ? [limit.value] : [];
}

/** Whether an alert is about what is drawn. */
export type IsAbout = (transition: AlertTransition) => boolean;

/** Episodes of the device that touch the span, by when they began: those of the stream, and those open now. */
export async function episodesOf(
  connection: Connection,
  { origin }: DevicePlace,
  span: { readonly fromMs: EpochMs; readonly toMs: EpochMs },
  open: Iterable<AlertTransition>,
  isAbout: IsAbout,
  signal: AbortSignal,
): Promise<History["episodes"]> {
  const last = new Map<string, AlertTransition>();
  const take = (transition: AlertTransition): void => {
    const known = last.get(transition.episode);
    if (isAbout(transition) && (known?.n ?? 0) <= transition.n)
      last.set(transition.episode, transition);
  };
  for (const transition of open) take(transition);
  let count = 0;
  if (await readStreamFacts(connection, alertsStream)) {
    const from = { storedMs: Math.max(1, span.fromMs) };
    const wish = { from, natsSubjectFilter: siteAlerts(origin.site) };
    await readMatching(connection, alertsStream, wish, (message) => {
      count += 1;
      const transition = parseStoredTransition(message.subject, message.data);
      if (transition) take(transition);
      return count < mostTransitions && last.size < mostEpisodes && !signal.aborted;
    });
  }
  return shownEpisodes(last.values(), span);
}

/** Those that touch the span, by when they began; of each the last transition is given. */
export function shownEpisodes(
  last: Iterable<AlertTransition>,
  span: { readonly fromMs: EpochMs; readonly toMs: EpochMs },
): History["episodes"] {
  return [...last]
    .map(({ ended_at, fired_at, instance, rule, severity, started_at }) => ({
      ...{ instance, rule, severity },
      startedMs: Date.parse(started_at) || 0,
      firedMs: msOf(fired_at),
      endedMs: msOf(ended_at),
    }))
    .filter(({ endedMs, startedMs }) => {
      return startedMs < span.toMs && (endedMs === null || endedMs >= span.fromMs);
    })
    .sort((one, other) => one.startedMs - other.startedMs);
}

function msOf(time: string | null): number | null {
  const ms = Date.parse(time ?? "");
  return Number.isNaN(ms) ? null : ms;
}
