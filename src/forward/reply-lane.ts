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
import type { Timer } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import type { StoredRecord } from "../core/record.ts";
import type { Candidate } from "./give-up.ts";
import type { Lane, LaneOptions, LaneRest } from "./lane.ts";
import { ackedSequence, parsePubAck } from "./pub-ack.ts";
import { PublishWriter } from "./publish-writer.ts";
import { SlotRing } from "./slot-ring.ts";
import type { RefusedRecord } from "./taken-places.ts";

/** Without any answer for this long while some are due, the lane ends. */
const ackTimeoutMs = 5_000;
const lookEveryMs = 1_000;
/** A lane without an answer for longer is idle: somebody may have published meanwhile. */
const freshMs = 20;
/** What a server that reads nothing leaves in the memory of the process, and one message more. */
const mostUnansweredBytes = 16 * 2 ** 20;

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
  #timer: Timer;
  #next = 0;
  #confirmed = 0;
  #answered = 0;
  #unansweredBytes = 0;
  #anomaly: GatewayError | undefined;
  #settling = false;
  /** False from a publish into an idle lane until its answer. */
  #chained = true;
  #lastAnswerMs = Number.NEGATIVE_INFINITY;

  constructor(options: LaneOptions) {
    const { clock, connection, inbox } = options;
    const replyPrefix = `${inbox}.`;
    this.#options = options;
    this.#slots = new SlotRing(options.window);
    this.#replyPrefix = replyPrefix;
    this.#writer = new PublishWriter({ ...options, replyPrefix });
    this.#answers = connection.subscribe(`${this.#replyPrefix}*`, {
      callback: (failure, message) => this.#hear(failure, message),
    });
    this.#timer = clock.setTimer(lookEveryMs, () => this.#look());
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
    const { clock, connection, lastStreamSeq } = this.#options;
    const n = this.#next;
    const limit = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    const bytes = this.#writer.write(record, n, lastStreamSeq + n, limit);
    if (bytes === 0) return 0;
    if (this.inFlight === 0) {
      const nowMs = clock.monotonicMs();
      this.#chained = nowMs - this.#lastAnswerMs < freshMs;
      this.#lastAnswerMs = nowMs;
    }
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

  /**
   * True when nothing more can come: all are answered, or the connection has ended, or no answer
   * came for `ackTimeoutMs`.
   */
  get quiet(): boolean {
    return (
      this.inFlight === 0 ||
      this.#options.connection.isClosed() ||
      this.#options.clock.monotonicMs() - this.#lastAnswerMs >= ackTimeoutMs
    );
  }

  end(): LaneRest {
    this.#timer.cancel();
    if (!this.#options.connection.isClosed()) this.#answers.unsubscribe();
    this.#settle();
    const tooLarge: Candidate[] = [];
    const refused: RefusedRecord[] = [];
    for (let n = this.#confirmed; n < this.#next; n += 1) {
      const { recordClass, refusal, run, seq } = this.#slots.at(n);
      if (!refusal) continue;
      const record = { recordClass, run, seq };
      if (refusal.disposition === "reject") tooLarge.push(record);
      else refused.push({ ...record, place: this.#placeOf(n) });
    }
    return { tooLarge, refused };
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
      this.#lastAnswerMs = this.#options.clock.monotonicMs();
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

  /** One timer for the whole window. */
  #look(): void {
    const { clock } = this.#options;
    this.#timer = clock.setTimer(lookEveryMs, () => this.#look());
    if (this.inFlight > 0 && this.quiet) {
      this.fail(
        new GatewayError(
          "stream.timeout",
          `no answer to ${this.inFlight} publishes for ${ackTimeoutMs} ms`,
        ),
      );
    }
    this.#options.onChange();
  }
}
