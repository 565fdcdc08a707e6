/** How a bus and its members are, told to the stream, the journal and the metrics. */
import type { Clock, EpochMs } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import type { MessageSink } from "../../core/message.ts";
import type { Counter, Metrics } from "../../core/metrics.ts";
import type { Member } from "./member.ts";
import type { Answer } from "./request.ts";

/** What became of a slot in which a member was to be asked. */
export type PollOutcome =
  | "read"
  /** Some of it could not be read. */
  | "partial"
  /** The device did not answer. */
  | "missed"
  /** The line was too busy. */
  | "skipped"
  /** The device was given up for a while. */
  | "resting"
  /** The line was not open. */
  | "closed"
  /** The disk was behind. */
  | "held";

/** What is wrong for long is said again so often. */
const againMs = 3_600_000;

export interface BusReportDeps {
  readonly source: string;
  readonly sink: Pick<MessageSink, "connection">;
  readonly clock: Clock;
  readonly nowMs: () => EpochMs;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export class BusReport {
  readonly #deps: BusReportDeps;
  readonly #requests: Counter;
  readonly #polls: Counter;
  readonly #strange: Counter;
  readonly #late: Counter;
  readonly #told = new Map<string, number>();

  constructor(deps: BusReportDeps) {
    const { metrics } = deps;
    this.#deps = deps;
    this.#requests = metrics.counter(
      "gateway_sources_modbus_requests_total",
      "Requests to Modbus devices, by what came back: data, exception, damage, silence, gone.",
    );
    this.#polls = metrics.counter(
      "gateway_sources_modbus_polls_total",
      "Slots in which a Modbus device was to be asked: read, partial, missed, skipped, resting, closed, held.",
    );
    this.#strange = metrics.counter(
      "gateway_sources_modbus_unsolicited_bytes_total",
      "Bytes on a Modbus line while nothing was asked.",
    );
    this.#late = metrics.counter(
      "gateway_sources_modbus_late_answers_total",
      "Answers over Modbus TCP that nobody waited for any more.",
    );
  }

  request({ kind }: Answer): void {
    this.#requests.add(1, { source: this.#deps.source, result: kind });
  }

  polls(outcome: PollOutcome, count = 1): void {
    if (count > 0) this.#polls.add(count, { source: this.#deps.source, outcome });
  }

  unsolicited(bytes: number): void {
    this.#strange.add(bytes, { source: this.#deps.source });
  }

  late(): void {
    this.#late.add(1, { source: this.#deps.source });
  }

  otherMaster(unit: number): void {
    this.once(
      `another master seems to speak on this line: a request to unit ${unit} came that is not ours; answers may be mixed up until one of the two is gone`,
      "other master",
    );
  }

  /** Once, and again after an hour; `topic` where the words differ from time to time. */
  once(words: string, topic = words): void {
    const nowMs = this.#deps.clock.monotonicMs();
    const toldMs = this.#told.get(topic);
    if (toldMs !== undefined && nowMs - toldMs < againMs) return;
    this.#told.set(topic, nowMs);
    this.#deps.logger.warn(words, { source: this.#deps.source });
  }

  /** A member is there, or is not. */
  changed(member: Member, address: string, state: "online" | "offline", text?: string): void {
    const { logger, nowMs, sink, source } = this.#deps;
    const { device, unit } = member;
    member.state = state;
    if (state === "offline")
      logger.warn("the device does not answer; it is asked less often", {
        ...{ device, source, unit },
        reason: text,
      });
    else logger.info("the device answers", { device, source, unit });
    const cause = state === "online" ? "connect" : "no-answer";
    sink.connection({ source, client: address, device, state, cause, text, receivedMs: nowMs() });
  }
}
