/**
 * Which receivers are told of an alert, and how. Routes are looked at from the first on; the one that
 * matches decides, and those within it before itself. What none matches goes to the default.
 */
import type { EpochMs } from "../core/clock.ts";
import { fnv1a64 } from "../core/fnv1a.ts";
import { matchesGlob } from "../core/glob.ts";
import { WeekTimes } from "../core/week-times.ts";
import { hubReceivers, type NotifyOptions } from "./options.ts";
import type { RouteOptions } from "./route-options.ts";
import { labelOf, type RoutedAlert, type TellingPlan } from "./telling-plan.ts";

/** What a route within another does not take from it. */
const itsOwn = { match: undefined, continue: undefined, routes: undefined };
const usual = { groupWaitMs: 10_000, groupIntervalMs: 120_000 };

/** A route with what it takes from above. */
interface Route {
  readonly match: RouteOptions["match"];
  readonly goesOn: boolean;
  readonly within: readonly Route[];
  readonly receivers: readonly string[];
  readonly escalated: readonly string[];
  readonly plan: TellingPlan;
  readonly escalation: TellingPlan;
}

type Inherited = Pick<
  RouteOptions,
  | "receivers"
  | "group_by"
  | "group_wait"
  | "group_interval"
  | "repeat_interval"
  | "late"
  | "mute"
  | "active"
  | "escalate"
>;

export class RouteTable {
  /** The same for routes that say the same. */
  readonly key: string;
  readonly #names: ReadonlySet<string>;
  readonly #routes: readonly Route[];
  readonly #rest: Route;

  constructor(options: NotifyOptions) {
    const { receivers, routes = [] } = options;
    this.#names = new Set(Object.keys(receivers));
    const plain = routes.length === 0 && options.group_by === undefined;
    const { group_by, group_interval, group_wait, repeat_interval } = options;
    const late = options.late ?? (plain ? "all" : "digest");
    const named = namesIn(routes);
    const { default: all, receivers: _, ...ways } = options;
    this.key = fnv1a64(JSON.stringify([ways, all, Object.keys(receivers)]));
    const rest = options.default ?? hubReceivers(options).filter((name) => !named.has(name));
    const root = { receivers: rest, group_by, group_interval, group_wait, repeat_interval, late };
    this.#rest = toRoute("", root, []);
    this.#routes = routes.map((route, index) => {
      const own = inherit(root, route);
      const within = (route.routes ?? []).map((inner, n) =>
        toRoute(`${index}.${n}`, inherit({ ...own, ...itsOwn }, inner), []),
      );
      return toRoute(String(index), own, within);
    });
  }

  /** How a receiver is told of an alert; undefined where it is not. */
  planFor(receiver: string, alert: RoutedAlert): TellingPlan | undefined {
    const named = alert.handling?.notify?.filter((name) => this.#names.has(name)) ?? [];
    if (named.length > 0) return named.includes(receiver) ? this.#rest.plan : undefined;
    const routes = matching(this.#routes, alert);
    const all = routes.length > 0 ? routes : [this.#rest];
    return (
      all.find(({ receivers }) => receivers.includes(receiver))?.plan ??
      all.find(({ escalated }) => escalated.includes(receiver))?.escalation
    );
  }
}

/** The routes that decide, in their order. */
function matching(routes: readonly Route[], alert: RoutedAlert): readonly Route[] {
  const found: Route[] = [];
  for (const route of routes) {
    if (!matches(route, alert)) continue;
    const within = matching(route.within, alert);
    found.push(...(within.length > 0 ? within : [route]));
    if (!route.goesOn) break;
  }
  return found;
}

function matches({ match = {} }: Route, alert: RoutedAlert): boolean {
  return Object.entries(match).every(([name, patterns]) =>
    [patterns].flat().some((pattern) => matchesGlob(pattern, labelOf(alert, name))),
  );
}

function namesIn(routes: NonNullable<NotifyOptions["routes"]>): ReadonlySet<string> {
  const all = routes.flatMap((route) => [route, ...(route.routes ?? [])]);
  return new Set(
    all.flatMap(({ escalate, receivers = [] }) => [...receivers, ...(escalate?.receivers ?? [])]),
  );
}

/** What a route leaves out is as it is above. */
function inherit<Form extends object>(above: Inherited, own: Form): Inherited & Form {
  const said = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...above, ...own, ...Object.fromEntries(said) };
}

function toRoute(name: string, form: Inherited & RouteOptions, within: readonly Route[]): Route {
  const { escalate } = form;
  const plan = toPlan(name, form);
  return {
    match: form.match,
    goesOn: form.continue === true,
    within,
    receivers: form.receivers ?? [],
    escalated: escalate?.receivers ?? [],
    plan,
    escalation: { ...plan, route: `${name} escalated`, escalateAfterMs: escalate?.after },
  };
}

function toPlan(route: string, form: Inherited): TellingPlan {
  const mute = form.mute && new WeekTimes(form.mute);
  const active = form.active && new WeekTimes(form.active);
  const mutedUntilMs = (nowMs: EpochMs): EpochMs | undefined => {
    if (mute?.isWithin(nowMs)) return mute.nextChangeMs(nowMs);
    return active && !active.isWithin(nowMs) ? active.nextChangeMs(nowMs) : undefined;
  };
  return {
    route,
    groupBy: form.group_by,
    groupWaitMs: form.group_wait ?? usual.groupWaitMs,
    groupIntervalMs: form.group_interval ?? usual.groupIntervalMs,
    repeatMs: form.repeat_interval,
    late: form.late ?? "digest",
    escalateAfterMs: undefined,
    mutedUntilMs,
  };
}
