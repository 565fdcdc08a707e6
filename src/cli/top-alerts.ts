/** The alerts that `top` shows: those of the backbone, and what gateway and processor say themselves. */
import type { AlertView } from "../alerts/alert-view.ts";
import { activeStates, stateWords } from "../alerts/display-state.ts";
import type { Severity } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import { rankOf } from "../core/severity-rank.ts";
import type { OpenAlert } from "../processor/open-alerts.ts";
import { aboutOf } from "./alerts-text.ts";
import type { Glance } from "./top-watch.ts";

/** One alert that asks for somebody. */
export interface TopAlert {
  readonly severity: Severity;
  /** Without its group. */
  readonly rule: string;
  readonly about: string;
  /** `unacknowledged`, or `firing` where only the gateway knows of it. */
  readonly state: string;
  readonly sinceMs: EpochMs;
  readonly judgedAt: "hub" | "gateway";
  readonly device: string | undefined;
}

/** Where alerts of the whole site are read. */
export interface AlertSource {
  readonly isLive: boolean;
  views(nowMs: EpochMs): Iterable<AlertView>;
}

/** Everything that is known at one moment. */
export interface TopMoment {
  readonly glance: Glance;
  readonly alerts: readonly TopAlert[];
  /** False while the alerts of the hub are not known. */
  readonly hubAnswers: boolean;
}

/** What was said last, with the alerts of the source. */
export function momentOf(glance: Glance, source: AlertSource | undefined): TopMoment {
  const { processor } = glance.roles;
  const hubAnswers = source?.isLive === true || processor !== undefined;
  return { glance, alerts: alertsOf(glance, source), hubAnswers };
}

/**
 * The most severe first, of those the unacknowledged, then the oldest. What the gateway finds itself is
 * shown with no backbone in reach, and once where the backbone has it already. With no backbone in reach
 * a processor that runs here says what fires.
 */
function alertsOf({ gateway, nowMs, roles }: Glance, source: AlertSource | undefined): TopAlert[] {
  const isLive = source?.isLive === true;
  const stored = isLive ? [...source.views(nowMs)] : [];
  const active = stored.flatMap((view) => (activeStates.has(view.state) ? ofView(view) : []));
  const known = new Set(stored.flatMap(({ last }) => (last ? nameOf(last) : [])));
  const edge = gateway?.edgeRules?.firing.first ?? [];
  const judged = isLive ? [] : (roles.processor?.partitions ?? []);
  const own = edge.filter((alert) => !known.has(nameOf(alert)));
  return [
    ...active,
    ...own.map((alert) => ofOpen(alert, "gateway")),
    ...judged.flatMap(({ firing }) => firing?.first.map((alert) => ofOpen(alert, "hub")) ?? []),
  ].sort(
    (one, other) =>
      rankOf(one.severity) - rankOf(other.severity) ||
      Number(one.state === acknowledged) - Number(other.state === acknowledged) ||
      one.sinceMs - other.sinceMs,
  );
}

/** `1 critical, 2 warning`; `none` for none. */
export function countAlerts(alerts: readonly TopAlert[]): string {
  const counts = (["critical", "warning", "info"] as const).flatMap((severity) => {
    const count = alerts.filter((alert) => alert.severity === severity).length;
    return count > 0 ? [`${count} ${severity}`] : [];
  });
  return counts.length > 0 ? counts.join(", ") : "none";
}

const acknowledged = "acknowledged";

function ofView({ last, standingSinceMs, state }: AlertView): TopAlert[] {
  if (last === undefined) return [];
  const { ended_at, evaluated, labels, severity } = last;
  return [
    {
      ...{ severity, rule: shortName(last.rule), about: aboutOf(labels), device: labels["device"] },
      state: stateWords(state),
      sinceMs: standingSinceMs ?? Date.parse(ended_at ?? last.started_at),
      judgedAt: evaluated === "edge" ? "gateway" : "hub",
    },
  ];
}

function ofOpen(
  { labels, rule, severity, started_at }: OpenAlert,
  judgedAt: TopAlert["judgedAt"],
): TopAlert {
  return {
    ...{ severity, rule: shortName(rule), about: aboutOf(labels), device: labels["device"] },
    state: "firing",
    sinceMs: Date.parse(started_at),
    judgedAt,
  };
}

function shortName(rule: string): string {
  return rule.slice(rule.lastIndexOf("/") + 1);
}

/** By what it is about: the same for one that is told here and stored there. */
function nameOf({ labels, rule }: Pick<OpenAlert, "labels" | "rule">): string {
  return JSON.stringify([rule, ...Object.entries(labels).sort()]);
}
