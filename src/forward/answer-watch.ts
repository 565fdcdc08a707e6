/** Notices that answers which are due do not come: one timer for the whole window of a lane. */
import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock, Timer } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";

/** Without any answer for this long while some are due, the lane ends. */
const ackTimeoutMs = 5_000;
const lookEveryMs = 1_000;

export interface AnswerWatchOptions {
  readonly connection: NatsConnection;
  readonly clock: Clock;
  /** How many answers are due. */
  readonly awaited: () => number;
  readonly onTimeout: (failure: GatewayError) => void;
  /** Called at each look. */
  readonly onChange: () => void;
}

export class AnswerWatch {
  readonly #options: AnswerWatchOptions;
  #timer: Timer;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(options: AnswerWatchOptions) {
    this.#options = options;
    this.#timer = options.clock.setTimer(lookEveryMs, () => this.#look());
  }

  /** How long ago the last answer came, or the first question to an idle server was asked. */
  get silentMs(): number {
    return this.#options.clock.monotonicMs() - this.#lastMs;
  }

  /**
   * True when nothing more can come: all are answered, or the connection has ended, or no answer
   * came for `ackTimeoutMs`.
   */
  get quiet(): boolean {
    const { awaited, connection } = this.#options;
    return awaited() === 0 || connection.isClosed() || this.silentMs >= ackTimeoutMs;
  }

  /** Before a question is asked. */
  asked(): void {
    if (this.#options.awaited() === 0) this.answered();
  }

  answered(): void {
    this.#lastMs = this.#options.clock.monotonicMs();
  }

  end(): void {
    this.#timer.cancel();
  }

  #look(): void {
    const { awaited, clock, onChange, onTimeout } = this.#options;
    this.#timer = clock.setTimer(lookEveryMs, () => this.#look());
    const due = awaited();
    if (due > 0 && this.quiet) {
      const message = `no answer to ${due} publishes for ${ackTimeoutMs} ms`;
      onTimeout(new GatewayError("stream.timeout", message));
    }
    onChange();
  }
}
