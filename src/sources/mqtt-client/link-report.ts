/**
 * How the way to the broker is: told as `status` events, in the journal, in `status` and in metrics.
 * What repeats in an outage is told once; another reason is told again.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import type { LinkState, MessageSink } from "../../core/message.ts";
import type { Counter, Gauge, Metrics } from "../../core/metrics.ts";
import type { Ending } from "./broker-connection.ts";

export interface LinkReportDeps {
  readonly source: string;
  /** The address of the broker. */
  readonly broker: string;
  readonly sink: MessageSink;
  readonly nowMs: () => EpochMs;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export class LinkReport {
  readonly #deps: LinkReportDeps;
  readonly #connected: Gauge;
  readonly #failures: Counter;
  readonly #sessionsLost: Counter;
  #state: LinkState;
  /** Nobody was told of the broker yet. */
  #isUntold = true;

  constructor(deps: LinkReportDeps) {
    const { metrics, nowMs } = deps;
    this.#deps = deps;
    this.#connected = metrics.gauge(
      "gateway_sources_broker_connected",
      "1 while there is a connection to a broker outside, else 0.",
    );
    this.#failures = metrics.counter(
      "gateway_sources_broker_connections_failed_total",
      "Connections to a broker outside that ended, or could not be had.",
    );
    this.#sessionsLost = metrics.counter(
      "gateway_sources_broker_sessions_lost_total",
      "Times that a broker outside had forgotten the session: messages may be missing.",
    );
    this.#state = { isConnected: false, sinceMs: nowMs(), reason: undefined };
    this.#connected.set(0, { source: deps.source });
    // From the start: who watches for a rise does not see a count that begins with 1.
    this.#sessionsLost.add(0, { source: deps.source });
  }

  get state(): LinkState {
    return this.#state;
  }

  connected(facts: { readonly version: string; readonly session: "new" | "kept" | "lost" }): void {
    const { broker, logger, nowMs, source } = this.#deps;
    const { reason, sinceMs } = this.#state;
    this.#state = { isConnected: true, sinceMs: nowMs(), reason: undefined };
    this.#connected.set(1, { source });
    logger.info("connected to the broker", { broker, ...facts });
    if (facts.session === "lost") this.#sessionLost(sinceMs, reason);
    else this.#say("online", "connect");
  }

  #sessionLost(sinceMs: EpochMs, reason: string | undefined): void {
    const { broker, logger, nowMs, source } = this.#deps;
    const words =
      "the broker has forgotten the session: what was published while there was no connection is missing";
    const awayMs = reason === undefined ? undefined : nowMs() - sinceMs;
    logger.error(words, { broker, ...(awayMs !== undefined && { awayMs }) });
    this.#sessionsLost.add(1, { source });
    this.#say("online", "session-lost", words);
  }

  /** The connection ended, or there was none; tried again in `waitMs`. */
  failed({ cause, words }: Ending, waitMs: number): void {
    const { broker, logger, nowMs, source } = this.#deps;
    const before = this.#state;
    this.#failures.add(1, { source });
    this.#connected.set(0, { source });
    const isNews = before.isConnected || before.reason !== words;
    const sinceMs = before.isConnected ? nowMs() : before.sinceMs;
    this.#state = { isConnected: false, sinceMs, reason: words };
    logger[isNews ? "warn" : "debug"]("no connection to the broker", {
      broker,
      reason: words,
      waitMs,
    });
    if (before.isConnected || this.#isUntold) this.#say("offline", cause, words);
  }

  /** The gateway left: nobody needs to be told. */
  stopped(): void {
    const { nowMs, source } = this.#deps;
    this.#state = { isConnected: false, sinceMs: nowMs(), reason: "stopped" };
    this.#connected.set(0, { source });
  }

  #say(
    state: "online" | "offline",
    cause: Ending["cause"] | "connect" | "session-lost",
    text?: string,
  ): void {
    const { broker, nowMs, sink, source } = this.#deps;
    this.#isUntold = false;
    sink.connection({ source, client: broker, state, cause, text, receivedMs: nowMs() });
  }
}
