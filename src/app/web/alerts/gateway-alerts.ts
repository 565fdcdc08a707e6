/**
 * The desk of alerts where a gateway alone answers: those that it judges itself, out of its rules and its
 * log. What people do about alerts stands in a stream of the hub, so it is not done here.
 */
import { AlarmCounter } from "../../../alerts/alarm-figures.ts";
import { notFound, RequestProblem } from "../../../api/problem.ts";
import type { AlertQueries, AlertWish } from "../../../api/routes/alert-desk.ts";
import type { AlertFigures, AlertPage, AlertRow } from "../../../api/shapes/alert.ts";
import type { AlertTransition } from "../../../core/alert.ts";
import { decodeEvent, isMalformed } from "../../../core/event-codec.ts";
import { isObject } from "../../../core/is-object.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { readBackwards } from "../devices/log-behind.ts";
import { endedRowOf } from "./alert-row.ts";
import { happened } from "./alert-story.ts";
import { linesOf } from "./explain-alert.ts";
import { chartOf, compareRows } from "./hub-alerts.ts";
import { RuleBook } from "./rule-book.ts";

const mostRecords = 200_000;
const mostTransitions = 5_000;
const mostChapters = 200;
const mostTop = 10;

export class GatewayAlerts implements AlertQueries {
  readonly #facts: GatewayFacts;
  readonly #nowMs: () => number;

  constructor(facts: GatewayFacts, nowMs: () => number) {
    this.#facts = facts;
    this.#nowMs = nowMs;
  }

  /** Those that are open, by instance. */
  rows(): ReadonlyMap<string, AlertRow> {
    const { signOf } = this.#rules();
    return new Map(
      Array.from(this.#open(), (last) => [last.instance, openRowOf(last, signOf)] as const),
    );
  }

  async list({ device, limit, list, site }: AlertWish) {
    const open = [...this.rows().values()];
    const isOpenList = list === "active" || list === "all" || list === "unacknowledged";
    const rows = list === "history" ? await this.#ended() : isOpenList ? open : [];
    const found = rows.filter(
      (row) =>
        (site === undefined || row.site === site) &&
        (device === undefined || row.deviceKey === device),
    );
    if (list !== "history") found.sort(compareRows);
    const counts = open.length > 0 ? { unacknowledged: open.length } : {};
    return {
      ...{ alerts: found.slice(0, limit), counts },
      ...{ total: found.length, more: found.length > limit },
    };
  }

  async page(instance: string, signal: AbortSignal): Promise<AlertPage> {
    const rules = this.#rules();
    const told = (await this.#transitions(signal)).filter((one) => one.instance === instance);
    const open = [...this.#open()].find((one) => one.instance === instance);
    const last = open ?? told[0];
    if (last === undefined) throw notFound(`alert ${instance}`);
    const row = open ? openRowOf(open, rules.signOf) : endedRowOf(last, rules.signOf);
    return {
      row,
      story: told.slice(0, mostChapters).map(happened),
      deliveries: [],
      rule: rules.find(last.rule),
      annotations: { ...last.annotations },
      runbookUrl: last.handling?.runbook_url ?? null,
      explain: this.#explain(last),
      chart: chartOf(row, rules.metricOf(last), this.#nowMs()),
      verbs: [],
    };
  }

  async explain(instance: string, signal: AbortSignal): Promise<readonly string[]> {
    const { explain } = await this.page(instance, signal);
    return explain;
  }

  async figures(spanMs: number, signal: AbortSignal): Promise<AlertFigures> {
    const toMs = this.#nowMs();
    const fromMs = toMs - spanMs;
    const counter = new AlarmCounter(fromMs, toMs);
    const byRule = new Map<string, number>();
    for (const transition of (await this.#transitions(signal)).reverse()) {
      counter.take(transition);
      const firedMs = Date.parse(transition.fired_at);
      if (transition.n !== 1 || firedMs < fromMs || firedMs >= toMs) continue;
      byRule.set(transition.rule, (byRule.get(transition.rule) ?? 0) + 1);
    }
    const { activations, chattering, floodShare, perHour } = counter.figures();
    const top = [...byRule].sort(([, one], [, other]) => other - one).slice(0, mostTop);
    return {
      ...{ fromMs, toMs, floodShare, alerts: activations, per10Min: perHour / 6 },
      top: top.map(([rule, count]) => ({ rule, count, share: count / Math.max(1, activations) })),
      flapping: chattering.length,
      standing: 0,
      meanAckMs: null,
    };
  }

  act(): Promise<never> {
    return Promise.reject(
      new RequestProblem({
        status: 409,
        code: "alert.refused",
        title: "nothing can be done about an alert at a gateway alone",
        advice: "open the console of the hub: what people do is kept there",
      }),
    );
  }

  #rules(): RuleBook {
    return new RuleBook(this.#facts.site());
  }

  *#open(): Iterable<AlertTransition> {
    for (const draft of this.#facts.edgeRules.open())
      yield { ...draft, evaluated: "edge", late: false, observed_at: draft.at };
  }

  #explain({ labels, rule }: AlertTransition): string[] {
    const told = this.#facts.edgeRules.explain(rule, labels["device"] ?? "");
    return told.flatMap((one: unknown) => (isObject(one) ? linesOf(one) : []));
  }

  async #ended(): Promise<AlertRow[]> {
    const { signOf } = this.#rules();
    const told = await this.#transitions(new AbortController().signal);
    return told.filter(({ state }) => state === "ended").map((one) => endedRowOf(one, signOf));
  }

  /** Those in the log, the latest first. */
  async #transitions(signal: AbortSignal): Promise<AlertTransition[]> {
    const found: AlertTransition[] = [];
    await readBackwards(
      this.#facts.log,
      mostRecords,
      async (part) => {
        const ofPart: AlertTransition[] = [];
        for await (const { body, kind } of part) {
          if (kind !== "alert-transition") continue;
          const event = decodeEvent(Buffer.from(body).toString());
          if (!isMalformed(event) && event.kind === "alert-transition") ofPart.push(event.data);
        }
        found.push(...ofPart.reverse());
        return found.length < mostTransitions;
      },
      signal,
    );
    return found;
  }
}

/** Nobody can acknowledge it here, so it is as nobody did. */
function openRowOf(last: AlertTransition, signOf: RuleBook["signOf"]): AlertRow {
  return { ...endedRowOf(last, signOf), state: "unacknowledged", isFiring: true };
}
