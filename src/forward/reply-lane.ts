/**
 * The lane for every server: each message asks for an answer of its own.
 *
 * Each message demands that the stream ends exactly with the one before it, so the whole window is
 * one chain: when any link is missing, all behind it are refused.
 *
 * Invariants
 * - Message n of the lane is acknowledged with the sequence `lastStreamSeq + 1 + n`, or it is an
 *   anomaly.
 * - Answers that come after `end` reach nobody.
 */
import type { Msg, Subscription } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import type { StoredRecord } from "../core/record.ts";
import { AnswerWatch } from "./answer-watch.ts";
import { type Lane, type LaneOptions, type LaneRest, mostUnansweredBytes } from "./lane.ts";
import { ackedSequence, parsePubAck } from "./pub-ack.ts";
import { PublishWriter } from "./publish-writer.ts";
import { restOf, SlotRing } from "./slot-ring.ts";

/** A lane without an answer for longer is idle: somebody may have published meanwhile. */
const freshMs = 20;

/** Begins to hear answers; `end` is for letting go of them. */
export function openReplyLane(options: LaneOptions): Lane {
  return new ReplyLane(options);
}

class ReplyLane implements Lane {
  readonly #options: LaneOptions;
  readonly #writer: PublishWriter;
  readonly #replyPrefix: string;
  readonly #answers: Subscription;
  readonly #slots: SlotRing;
  readonly #watch: AnswerWatch;
  #next = 0;
  #confirmed = 0;
  #answered = 0;
  #unansweredBytes = 0;
  #anomaly: GatewayError | undefined;
  #settling = false;
  /** False from a publish into an idle lane until its answer. */
  #chained = true;

  constructor(options: LaneOptions) {
    const { connection, inbox } = options;
    const replyPrefix = `${inbox}.`;
    this.#options = options;
    this.#slots = new SlotRing(options.window);
    this.#replyPrefix = replyPrefix;
    this.#writer = new PublishWriter({ ...options, replyPrefix });
    this.#answers = connection.subscribe(`${this.#replyPrefix}*`, {
      callback: (failure, message) => this.#hear(failure, message),
    });
    this.#watch = new AnswerWatch({
      ...options,
      awaited: () => this.inFlight,
      onTimeout: (failure) => this.fail(failure),
    });
  }

  get inFlight(): number {
    return this.#next - this.#answered;
  }

  /**
   * True while nothing may be published. The first record of a new or idle lane goes alone: if the
   * stream has grown meanwhile, or the server that told its end was behind the others, one of those
   * behind it would fit.
   */
  get full(): boolean {
    const unconfirmed = this.#next - this.#confirmed;
    return (
      unconfirmed >= (this.#chained ? this.#options.window : 1) ||
      this.#unansweredBytes >= mostUnansweredBytes
    );
  }

  get anomaly(): GatewayError | undefined {
    return this.#anomaly;
  }

  publish(record: StoredRecord): number {
    const { connection, lastStreamSeq } = this.#options;
    const n = this.#next;
    const limit = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    const bytes = this.#writer.write(record, n, lastStreamSeq + n, limit);
    if (bytes === 0) return 0;
    if (this.inFlight === 0) this.#chained = this.#watch.silentMs < freshMs;
    this.#watch.asked();
    this.#slots.fill(n, record, bytes);
    this.#unansweredBytes += bytes;
    this.#next += 1;
    return bytes;
  }

  fail(anomaly: GatewayError): void {
    if (this.#anomaly) return;
    this.#anomaly = anomaly;
    this.#options.onChange();
  }

  get quiet(): boolean {
    return this.#watch.quiet;
  }

  end(): LaneRest {
    this.#watch.end();
    if (!this.#options.connection.isClosed()) this.#answers.unsubscribe();
    this.#settle();
    return restOf(this.#slots, this.#confirmed, this.#next, this.#options.lastStreamSeq);
  }

  #hear(failure: Error | null, message: Msg): void {
    if (failure) {
      this.fail(GatewayError.from(failure, "stream.unauthorized", "cannot hear answers"));
      return;
    }
    const n = Number(message.subject.slice(this.#replyPrefix.length));
    // The inbox is ours, and yet anybody who is allowed to may publish to it.
    if (!Number.isInteger(n) || n < this.#confirmed || n >= this.#next) return;
    const slot = this.#slots.at(n);
    if (slot.streamSeq > 0 || slot.refusal) return;
    this.#answered += 1;
    this.#unansweredBytes -= slot.bytes;
    const answer =
      ackedSequence(message.data) || parsePubAck(message.data, message.headers?.code ?? 0);
    if (typeof answer === "number" && answer === this.#placeOf(n)) slot.streamSeq = answer;
    else {
      slot.refusal = typeof answer === "number" ? this.#misplaced(n, answer) : answer;
      this.fail(slot.refusal);
    }
    // One turn brings a burst of answers; what they confirm together is told once.
    if (this.#settling) return;
    this.#settling = true;
    queueMicrotask(() => {
      this.#settling = false;
      this.#watch.answered();
      this.#settle();
      this.#options.onChange();
    });
  }

  /** Confirms what is acknowledged without a hole. */
  #settle(): void {
    const from = this.#confirmed;
    while (this.#confirmed < this.#next && this.#slots.at(this.#confirmed).streamSeq > 0) {
      this.#confirmed += 1;
    }
    if (this.#confirmed === from) return;
    this.#chained = true;
    const { run, seq, streamSeq } = this.#slots.at(this.#confirmed - 1);
    this.#options.onConfirmed(
      { run, seq, streamSeq: toStreamSeq(streamSeq) },
      this.#confirmed - from,
    );
  }

  /** An answer that cannot be: where the record is, if anywhere, only the stream can tell. */
  #misplaced(n: number, streamSeq: number): GatewayError {
    const message = `acknowledged as ${streamSeq}, not as ${this.#placeOf(n)}`;
    return new GatewayError("stream.fenced", message);
  }

  /** The stream sequence that message n of the lane gets, and no other. */
  #placeOf(n: number): StreamSeq {
    return toStreamSeq(this.#options.lastStreamSeq + 1 + n);
  }
}
