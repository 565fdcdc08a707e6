import type { Severity } from "../core/alert.ts";
import type { TransitionDraft } from "./engine.ts";

/** One alert that fires, for people. */
export interface OpenAlert {
  readonly rule: string;
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
  readonly stale: boolean;
  /** Event time, RFC 3339. */
  readonly started_at: string;
}

export interface OpenAlerts {
  readonly counts: Readonly<Record<Severity, number>>;
  /** The most severe first, then the oldest; a few of them. */
  readonly first: readonly OpenAlert[];
}

const mostListed = 20;
const order: readonly Severity[] = ["critical", "warning", "info"];

/** What fires, out of the last transitions of all open episodes. */
export function openAlerts(open: Iterable<TransitionDraft>): OpenAlerts {
  const counts = { critical: 0, warning: 0, info: 0 };
  const all: OpenAlert[] = [];
  for (const { labels, rule, severity, stale, started_at } of open) {
    counts[severity] += 1;
    all.push({ rule, severity, labels, stale, started_at });
  }
  all.sort(
    (one, other) =>
      order.indexOf(one.severity) - order.indexOf(other.severity) ||
      (one.started_at < other.started_at ? -1 : 1),
  );
  return { counts, first: all.slice(0, mostListed) };
}
