/** What the forwarder is at and how much it has done, for the status page and for Prometheus. */
import type { Clock, EpochMs } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter, Gauge, Metrics } from "../core/metrics.ts";

const kinds = ["offline", "reconciling", "draining", "linked", "blocked"] as const;
const sampleMs = 1_000;

/**
 * What the forwarder is at.
 *
 * - `offline`: no connection.
 * - `reconciling`: asking the stream where it stands.
 * - `draining`: publishing a backlog; `linked`: it has caught up once since it reconciled.
 * - `blocked`: connected, and the stream cannot be used; everything is kept and tried again.
 */
export type ForwardKind = (typeof kinds)[number];

/** The forwarder at one moment. */
export interface ForwardState {
  readonly kind: ForwardKind;
  /** Why it is offline or blocked, for people. */
  readonly reason: string | undefined;
  /** Wall clock at which it came to this kind. */
  readonly since: EpochMs;
  /** Records the backbone confirmed since the process started, resent ones included. */
  readonly sent: number;
  /** Wall clock at which it confirmed last; absent before the first time. */
  readonly lastAckMs?: EpochMs | undefined;
  /** Records on their way, unacknowledged. */
  readonly inFlight: number;
  /** Confirmed per second over about the last second. */
  readonly ratePerSecond: number;
}

export class ForwardStatus {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #sentTotal: Counter;
  readonly #passedOverTotal: Counter;
  readonly #inFlight: Gauge;
  readonly #kindGauge: Gauge;
  #kind: ForwardKind = "offline";
  #reason: string | undefined = "not connected yet";
  #since: EpochMs;
  #sent = 0;
  #lastAckMs: EpochMs | undefined;
  #rate = 0;
  #sample: { readonly atMs: number; readonly sent: number };

  constructor(clock: Clock, logger: Logger, metrics: Metrics) {
    this.#clock = clock;
    this.#logger = logger;
    this.#since = clock.wallMs();
    this.#sample = { atMs: clock.monotonicMs(), sent: 0 };
    this.#sentTotal = metrics.counter(
      "gateway_forward_records_sent_total",
      "Records that the backbone confirmed.",
    );
    this.#passedOverTotal = metrics.counter(
      "gateway_forward_records_passed_over_total",
      "Records that can no longer be sent in their place; each is declared in a gap event.",
    );
    this.#inFlight = metrics.gauge(
      "gateway_forward_in_flight_records",
      "Records on their way, unacknowledged.",
    );
    this.#kindGauge = metrics.gauge(
      "gateway_forward_state",
      "1 for the state that the forwarder is in, 0 for the others.",
    );
    this.#show();
  }

  get kind(): ForwardKind {
    return this.#kind;
  }

  state(inFlight: number): ForwardState {
    const idle = this.#clock.monotonicMs() - this.#sample.atMs > 2 * sampleMs;
    return {
      kind: this.#kind,
      reason: this.#reason,
      since: this.#since,
      sent: this.#sent,
      lastAckMs: this.#lastAckMs,
      inFlight,
      ratePerSecond: idle ? 0 : this.#rate,
    };
  }

  become(kind: ForwardKind, reason?: string): void {
    if (this.#kind === kind && this.#reason === reason) return;
    if (this.#kind !== kind) this.#since = this.#clock.wallMs();
    this.#kind = kind;
    this.#reason = reason;
    if (kind === "linked") this.#logger.info("forwarding has caught up");
    if (kind === "blocked") {
      this.#logger.error("forwarding is blocked; everything is kept", { reason });
    }
    this.#show();
  }

  #show(): void {
    for (const kind of kinds) this.#kindGauge.set(kind === this.#kind ? 1 : 0, { state: kind });
  }

  confirmed(count: number, inFlight: number): void {
    this.#sent += count;
    this.#lastAckMs = this.#clock.wallMs();
    this.#sentTotal.add(count);
    this.#inFlight.set(inFlight);
    const nowMs = this.#clock.monotonicMs();
    const passedMs = nowMs - this.#sample.atMs;
    if (passedMs < sampleMs) return;
    this.#rate = Math.round(((this.#sent - this.#sample.sent) * 1_000) / passedMs);
    this.#sample = { atMs: nowMs, sent: this.#sent };
  }

  gaveUp(): void {
    this.#passedOverTotal.add();
  }
}
