/** What came in since the start, for `status` and for Prometheus. */
import type { Counter, Metrics } from "../core/metrics.ts";
import type { PassedOverReason } from "../normalize/normalized.ts";
import { byReason } from "./passed-over.ts";

/** All counts of messages, but for `late`. */
export interface IngestCounts {
  readonly received: number;
  readonly rejected: number;
  readonly passedOver: number;
  /** Events that were received long after they happened, or are not the newest of their device. */
  readonly late: number;
  /** Messages that say what is stored already. */
  readonly repeats: number;
}

export class IngestCounter {
  readonly #receivedTotal: Counter;
  readonly #rejectedTotal: Counter;
  readonly #passedOverTotal: Counter;
  #received = 0;
  #rejected = 0;
  #passedOver = 0;
  #late = 0;
  #repeats = 0;

  constructor(metrics: Metrics) {
    this.#receivedTotal = metrics.counter(
      "gateway_sources_messages_received_total",
      "Messages that devices sent.",
    );
    this.#rejectedTotal = metrics.counter(
      "gateway_normalize_messages_rejected_total",
      "Messages that did not fit and were kept as rejections.",
    );
    this.#passedOverTotal = metrics.counter(
      "gateway_normalize_messages_passed_over_total",
      "Messages that were counted and not stored as they are: noise, repeats, descriptions.",
    );
  }

  get counts(): IngestCounts {
    return {
      received: this.#received,
      rejected: this.#rejected,
      passedOver: this.#passedOver,
      late: this.#late,
      repeats: this.#repeats,
    };
  }

  received(): void {
    this.#received += 1;
    this.#receivedTotal.add();
  }

  rejected(): void {
    this.#rejected += 1;
    this.#rejectedTotal.add();
  }

  passedOver(reason: PassedOverReason): void {
    this.#passedOver += 1;
    if (reason === "repeat") this.#repeats += 1;
    this.#passedOverTotal.add(1, byReason[reason]);
  }

  late(): void {
    this.#late += 1;
  }

  /** It was known to the log. */
  storedBefore(): void {
    this.#repeats += 1;
  }
}
