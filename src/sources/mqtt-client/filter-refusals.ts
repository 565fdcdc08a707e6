/** Filters that the broker did not grant as they were asked for. */
import type { EpochMs } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import type { Counter, Metrics } from "../../core/metrics.ts";
import type { Refusal } from "../../core/refusal.ts";
import { reasonWords } from "./reason-words.ts";
import type { Granted } from "./subscriptions.ts";
import type { Suback } from "./wire.ts";

export interface FilterRefusalsDeps {
  readonly source: string;
  readonly broker: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly nowMs: () => EpochMs;
}

export class FilterRefusals {
  readonly #deps: FilterRefusalsDeps;
  readonly #total: Counter;
  /** By filter, of which there are as many as are configured; the latest stands last. */
  readonly #entries = new Map<string, Refusal>();

  constructor(deps: FilterRefusalsDeps) {
    this.#deps = deps;
    this.#total = deps.metrics.counter(
      "gateway_sources_broker_filters_refused_total",
      "Topic filters that a broker outside did not grant as they were asked for.",
    );
  }

  /** The latest first. */
  get latest(): readonly Refusal[] {
    return [...this.#entries.values()].reverse();
  }

  /** Tells of a filter that is refused, or granted at a lower QoS; forgets one that is granted now. */
  note({ code, isRefused, topic }: Granted, { properties }: Suback): void {
    const { broker, logger, nowMs, source } = this.#deps;
    const { filter, qos } = topic;
    const before = this.#entries.get(filter)?.count ?? 0;
    this.#entries.delete(filter);
    if (!isRefused && code >= qos) return;
    const limit = isRefused
      ? reasonWords(code, properties?.reasonString)
      : `QoS ${code} and no more: messages may be lost on the way`;
    const what = isRefused
      ? "the broker refuses a filter"
      : "the broker lowers the QoS of a filter";
    const last = { address: broker, packet: "SUBSCRIBE", topic: filter, limit };
    const reason = isRefused ? "filter-refused" : "qos-lowered";
    this.#entries.set(filter, { what, reason, count: before + 1, lastMs: nowMs(), last });
    this.#total.add(1, { source, reason });
    logger.warn(what, { broker, filter, reason: limit });
  }
}
