/** The way to one receiver: taken, lost to another process, taken again. Nothing here ends it but the stop. */
import { type EpochMs, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Metrics } from "../core/metrics.ts";
import { Backoff } from "../core/retry.ts";
import type { AlertReaderDependencies } from "../stream/alert-reader.ts";
import type { AttemptLog } from "./attempt-log.ts";
import { Courier } from "./courier.ts";
import type { Delivery, Receiver } from "./receiver.ts";
import { createCursorStore } from "./receiver-cursor.ts";

const backoffLimits = { baseMs: 1_000, maxMs: 30_000 };

/** A receiver as people see it. */
export interface ReceiverState {
  readonly name: string;
  readonly kind: string;
  /** Transitions read and not done with. */
  readonly waiting: number;
  /** Counted since the start of the process. */
  readonly delivered: number;
  readonly deadLetters: number;
  /** Since when no attempt succeeded, and what the last one met; undefined while all is well. */
  readonly failing: { readonly sinceMs: EpochMs; readonly reason: string } | undefined;
}

export interface RouteDependencies extends AlertReaderDependencies {
  readonly attempts: AttemptLog;
  readonly metrics: Metrics;
}

export class ReceiverRoute {
  readonly #name: string;
  readonly #kind: string;
  readonly #receiver: Receiver;
  readonly #deps: RouteDependencies;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #courier: Courier | undefined;
  #delivered = 0;
  #deadLetters = 0;
  #failing: ReceiverState["failing"];

  constructor(name: string, kind: string, receiver: Receiver, deps: RouteDependencies) {
    this.#name = name;
    this.#kind = kind;
    this.#receiver = receiver;
    this.#deps = deps;
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#courier?.stop();
    await this.#ended;
  }

  state(): ReceiverState {
    return {
      name: this.#name,
      kind: this.#kind,
      waiting: this.#courier?.waiting ?? 0,
      delivered: this.#delivered,
      deadLetters: this.#deadLetters,
      failing: this.#failing,
    };
  }

  async #run(): Promise<void> {
    const { backbone, backboneOptions, clock, logger, random } = this.#deps;
    const signal = this.#stopping.signal;
    const store = createCursorStore(this.#name, backbone, backboneOptions, random);
    const backoff = new Backoff(backoffLimits, random);
    const onAttempt = this.#countAttempts();
    const delivery = { ...this.#deps, receiver: this.#receiver, name: this.#name, onAttempt };
    while (!signal.aborted) {
      try {
        const { cursor, revision } = await store.load(signal);
        this.#courier = new Courier(cursor, revision, store, { ...this.#deps, delivery });
        if (signal.aborted) this.#courier.stop();
        await this.#courier.run();
      } catch (thrown) {
        if (signal.aborted) break;
        const failure = GatewayError.from(thrown, "stream.unavailable", "cannot go on");
        logger.warn("a receiver is left for now", {
          receiver: this.#name,
          code: failure.code,
          reason: failure.message,
        });
      }
      this.#courier = undefined;
      await sleep(clock, backoff.nextMs(), signal);
    }
  }

  #countAttempts(): (delivery: Delivery) => void {
    const { clock, logger, metrics } = this.#deps;
    const counter = metrics.counter(
      "gateway_notify_attempts_total",
      "Attempts to tell a receiver of a transition, by outcome.",
    );
    return (delivery) => {
      const receiver = this.#name;
      counter.add(1, { receiver, outcome: delivery.kind });
      switch (delivery.kind) {
        case "delivered":
          if (this.#failing) logger.info("a receiver answers again", { receiver });
          this.#failing = undefined;
          this.#delivered += 1;
          return;
        case "refused":
          logger.error("a receiver is never told of a transition; it is a dead letter", {
            receiver,
            reason: delivery.reason,
          });
          this.#deadLetters += 1;
          return;
        case "failed":
          if (!this.#failing)
            logger.warn("a receiver fails; it is tried again", {
              receiver,
              reason: delivery.reason,
            });
          this.#failing = {
            sinceMs: this.#failing?.sinceMs ?? clock.wallMs(),
            reason: delivery.reason,
          };
      }
    };
  }
}
