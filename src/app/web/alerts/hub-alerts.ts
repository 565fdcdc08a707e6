/** Alerts of all gateways, as the page asks for them: answered out of what the role follows. */
import type { AlertView } from "../../../alerts/alert-view.ts";
import { activeStates } from "../../../alerts/display-state.ts";
import { refusalOf } from "../../../alerts/judge-action.ts";
import { notFound } from "../../../api/problem.ts";
import type { AlertOrder, AlertQueries, AlertWish } from "../../../api/routes/alert-desk.ts";
import type { AlertFigures, AlertList, AlertPage, AlertRow } from "../../../api/shapes/alert.ts";
import type { EventMade } from "../../../api/shapes/parts.ts";
import type { EpochMs } from "../../../core/clock.ts";
import { operatorVerbs } from "../../../core/operator-action.ts";
import { rankOf } from "../../../core/severity-rank.ts";
import type { Backbone } from "../../../stream/backbone.ts";
import type { AlertFollower } from "../../../view/alerts/alert-follower.ts";
import type { LastAttempt } from "../../../view/notices/deliveries.ts";
import type { DeliveryFollower } from "../../../view/notices/delivery-follower.ts";
import { systemClock } from "../../system-clock.ts";
import { overBackbone } from "../over-backbone.ts";
import { actOnAlert } from "./act-on-alert.ts";
import { readAlarmFigures } from "./alarm-figures-now.ts";
import { alertRowOf, endedRowOf } from "./alert-row.ts";
import { readStory } from "./alert-story.ts";
import type { RuleBook } from "./rule-book.ts";

/** Drawn before and behind an episode. */
const aroundMs = 30 * 60_000;

export interface HubAlertsDependencies {
  readonly backbone: Backbone;
  readonly follower: AlertFollower;
  readonly notices: DeliveryFollower;
  readonly rules: RuleBook;
  readonly maxShelveMs: number;
  /** How the condition is now, a line each; empty where nobody can tell. */
  readonly explain: (view: AlertView, signal: AbortSignal) => Promise<readonly string[]>;
}

export class HubAlerts implements AlertQueries {
  readonly #deps: HubAlertsDependencies;

  constructor(deps: HubAlertsDependencies) {
    this.#deps = deps;
  }

  /** The row of an alert as it is now; undefined where it is normal. */
  row(instance: string): AlertRow | undefined {
    const view = this.#deps.follower.list.view(instance, systemClock.wallMs());
    return view && view.state !== "normal" ? this.#rowOf(view) : undefined;
  }

  /** All that are not normal. */
  *rows(): Iterable<readonly [string, AlertRow]> {
    for (const view of this.#deps.follower.list.views(systemClock.wallMs())) {
      const row = this.#rowOf(view);
      if (row) yield [view.instance, row];
    }
  }

  async list({ device, limit, list, site }: AlertWish): Promise<AlertList> {
    const counts: Partial<Record<AlertRow["state"], number>> = {};
    const found: AlertRow[] = [];
    const isMeant = (row: AlertRow): boolean =>
      (site === undefined || row.site === site) &&
      (device === undefined || row.deviceKey === device);
    for (const [, row] of this.rows()) {
      counts[row.state] = (counts[row.state] ?? 0) + 1;
      const isListed =
        list === "all" || list === row.state || (list === "active" && activeStates.has(row.state));
      if (isListed && isMeant(row)) found.push(row);
    }
    if (list === "history") {
      const { follower, rules } = this.#deps;
      const ended = follower.list.ended().map((one) => endedRowOf(one, rules.signOf));
      found.push(...ended.filter(isMeant));
    } else found.sort(compareRows);
    return {
      alerts: found.slice(0, limit),
      counts,
      total: found.length,
      more: found.length > limit,
    };
  }

  async page(instance: string, signal: AbortSignal): Promise<AlertPage> {
    const { backbone, explain, notices, rules } = this.#deps;
    const view = this.#viewOf(instance);
    const row = this.#rowOf(view);
    const { last } = view;
    if (!row || !last) throw notFound(`alert ${instance}`);
    const story = await overBackbone(backbone, (connection) => readStory(connection, last));
    return {
      ...{ row, story },
      deliveries: notices.deliveries.ofAlert(instance).map(deliveryShape),
      rule: rules.find(last.rule),
      annotations: { ...last.annotations },
      runbookUrl: last.handling?.runbook_url ?? null,
      explain: [...(await explain(view, signal))],
      chart: chartOf(row, rules.metricOf(last), systemClock.wallMs()),
      verbs: operatorVerbs.filter((verb) => {
        const wanted = { verb, forMs: 1, reason: "-" };
        return refusalOf(view, wanted, this.#deps.maxShelveMs) === undefined;
      }),
    };
  }

  explain(instance: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#deps.explain(this.#viewOf(instance), signal);
  }

  figures(spanMs: number): Promise<AlertFigures> {
    const { backbone, follower } = this.#deps;
    const nowMs = systemClock.wallMs();
    const span = { fromMs: nowMs - spanMs, toMs: nowMs };
    return overBackbone(backbone, (connection) =>
      readAlarmFigures(connection, span, follower.list.views(nowMs)),
    );
  }

  act(instance: string, order: AlertOrder): Promise<EventMade> {
    const { backbone, follower, maxShelveMs } = this.#deps;
    const { by, forMs, once, reason, verb } = order;
    const wanted = {
      ...{ verb, by },
      ...(forMs !== undefined && { forMs }),
      ...(once === true && { once }),
      ...(reason !== undefined && { reason }),
    };
    const seen = this.#viewOf(instance);
    return overBackbone(backbone, (connection) =>
      actOnAlert(connection, follower, seen, wanted, maxShelveMs),
    );
  }

  #viewOf(instance: string): AlertView {
    const view = this.#deps.follower.list.view(instance, systemClock.wallMs());
    if (!view) throw notFound(`alert ${instance}, or it ended long ago`);
    return view;
  }

  #rowOf(view: AlertView): AlertRow | undefined {
    return alertRowOf(view, this.#deps.rules.signOf);
  }
}

/** The worst in front; of two alike, what fired last. */
export function compareRows(one: AlertRow, other: AlertRow): number {
  return (
    rankOf(one.severity) - rankOf(other.severity) ||
    (other.firedMs ?? 0) - (one.firedMs ?? 0) ||
    (one.instance < other.instance ? -1 : 1)
  );
}

/** What to draw around an alert. */
export function chartOf(
  { deviceKey, endedMs, startedMs }: AlertRow,
  metric: string | undefined,
  nowMs: EpochMs,
): AlertPage["chart"] {
  if (deviceKey === null || metric === undefined) return null;
  const toMs = Math.min(nowMs, (endedMs ?? nowMs) + aroundMs);
  return { deviceKey, metric, fromMs: startedMs - aroundMs, toMs };
}

const outcomeWords = {
  delivered: "delivered",
  failed: "retrying",
  "dead-letter": "given-up",
} as const;

function deliveryShape({ atMs, attempts, outcome, reason, receiver }: LastAttempt) {
  return { receiver, outcome: outcomeWords[outcome], atMs, attempts, text: reason };
}
