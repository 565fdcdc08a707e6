/**
 * One pipelined run of publishes on one connection, from a known end of the stream.
 *
 * Each message demands that the stream ends exactly with the one before it, so the whole window is
 * one chain: when any link is missing, all behind it are refused. A lane never repairs anything. At
 * the first anomaly it takes no more, waits for the answers that are still to come, and says what
 * became of the rest; whoever opened it looks at the stream and opens another.
 *
 * Invariants
 * - Message n of the lane is acknowledged with the sequence `lastStreamSeq + 1 + n`, or it is an
 *   anomaly.
 * - What is confirmed is confirmed in order and without a hole.
 * - Answers that come after `end` reach nobody.
 */
import type { Msg, NatsConnection, Subscription } from "@nats-io/transport-node";
import type { Clock, Timer } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import { eventIdOf, type StreamSeq, toStreamSeq } from "../core/ids.ts";
import type { StreamPosition } from "../core/log-accounts.ts";
import type { StoredRecord } from "../core/record.ts";
import { gatewayStream, gatewaySubjectPrefix } from "../core/subject.ts";
import { createFenceHeaders, type FenceHeaders } from "./fence-headers.ts";
import type { Candidate } from "./give-up.ts";
import { ackedSequence, parsePubAck } from "./pub-ack.ts";
import { SlotRing } from "./slot-ring.ts";
import type { RefusedRecord } from "./taken-places.ts";

/** Without any answer for this long while some are due, the lane ends. */
export const ackTimeoutMs = 5_000;
const lookEveryMs = 1_000;
/** A lane without an answer for longer is idle: somebody may have published meanwhile. */
const freshMs = 20;

/** What became of the records that were not confirmed, as far as it is for ever or in doubt. */
export interface LaneRest {
  /** Larger than the server takes. */
  readonly tooLarge: readonly Candidate[];
  /**
   * Refused for another reason. If the stream is found to end behind the place that was meant for
   * one of them, either that record is stored there after all or a stranger's message is.
   */
  readonly refused: readonly RefusedRecord[];
}

export interface LaneDependencies {
  readonly connection: NatsConnection;
  readonly origin: Origin;
  /** The stream's last sequence, behind which the lane begins. */
  readonly lastStreamSeq: StreamSeq;
  /** How many may be unanswered. */
  readonly window: number;
  readonly fenced: boolean;
  /** A subject of our own, used by nobody else. */
  readonly inbox: string;
  readonly clock: Clock;
  /** Called at most once per burst of answers, with the last of the records in order. */
  readonly onConfirmed: (position: StreamPosition, count: number) => void;
  /** Called when there is room again, and when the lane has an anomaly. */
  readonly onChange: () => void;
}

export class PublishLane {
  readonly #deps: LaneDependencies;
  readonly #fence: FenceHeaders;
  readonly #subjectPrefix: string;
  readonly #replyPrefix: string;
  readonly #answers: Subscription;
  readonly #slots: SlotRing;
  #timer: Timer;
  #next = 0;
  #confirmed = 0;
  #answered = 0;
  #anomaly: GatewayError | undefined;
  #settling = false;
  /** False from a publish into an idle lane until its answer. */
  #chained = true;
  #lastAnswerMs = Number.NEGATIVE_INFINITY;

  constructor(deps: LaneDependencies) {
    const { connection, origin, clock } = deps;
    this.#deps = deps;
    this.#slots = new SlotRing(deps.window);
    this.#fence = createFenceHeaders(gatewayStream(origin.gateway), deps.fenced);
    this.#subjectPrefix = gatewaySubjectPrefix(origin.site, origin.gateway);
    this.#replyPrefix = `${deps.inbox}.`;
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
    return unconfirmed >= (this.#chained ? this.#deps.window : 1);
  }

  /** Why nothing more may be published here; undefined while all is well. */
  get anomaly(): GatewayError | undefined {
    return this.#anomaly;
  }

  /**
   * Publishes one record and gives the bytes that it takes; 0, and nothing is sent, when the server
   * takes no message so large. Only while the lane is neither full nor has an anomaly.
   */
  publish(record: StoredRecord): number {
    const { connection, lastStreamSeq, origin, clock } = this.#deps;
    const id = eventIdOf(origin.gateway, record.run, record.seq);
    const headerBytes = this.#fence.prepare(id, lastStreamSeq + this.#next);
    const limit = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    const bytes = headerBytes + record.body.length;
    if (bytes > limit) return 0;
    if (this.inFlight === 0) {
      const nowMs = clock.monotonicMs();
      this.#chained = nowMs - this.#lastAnswerMs < freshMs;
      this.#lastAnswerMs = nowMs;
    }
    connection.publish(`${this.#subjectPrefix}${record.deviceToken}.${record.kind}`, record.body, {
      reply: this.#replyPrefix + this.#next,
      headers: this.#fence.headers,
    });
    this.#slots.fill(this.#next, record);
    this.#next += 1;
    return bytes;
  }

  /** Takes no more records and gives the reason. Answers still count until `end`. */
  fail(anomaly: GatewayError): void {
    if (this.#anomaly) return;
    this.#anomaly = anomaly;
    this.#deps.onChange();
  }

  /**
   * True when nothing more can come: all are answered, or the connection has ended, or no answer
   * came for `ackTimeoutMs`.
   */
  get quiet(): boolean {
    return (
      this.inFlight === 0 ||
      this.#deps.connection.isClosed() ||
      this.#deps.clock.monotonicMs() - this.#lastAnswerMs >= ackTimeoutMs
    );
  }

  /** Hears no more answers. Gives what is to be seen to besides reading the position again. */
  end(): LaneRest {
    this.#timer.cancel();
    if (!this.#deps.connection.isClosed()) this.#answers.unsubscribe();
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
    if (n < this.#confirmed || n >= this.#next) return;
    const slot = this.#slots.at(n);
    if (slot.streamSeq > 0 || slot.refusal) return;
    this.#answered += 1;
    this.#lastAnswerMs = this.#deps.clock.monotonicMs();
    const answer =
      ackedSequence(message.data) || parsePubAck(message.data, message.headers?.code ?? 0);
    if (typeof answer === "number" && this.#mayBeAt(n, answer)) slot.streamSeq = answer;
    else {
      slot.refusal = typeof answer === "number" ? this.#misplaced(n, answer) : answer;
      this.fail(slot.refusal);
    }
    // One turn brings a burst of answers; what they confirm together is told once.
    if (this.#settling) return;
    this.#settling = true;
    queueMicrotask(() => {
      this.#settling = false;
      this.#settle();
      this.#deps.onChange();
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
    this.#deps.onConfirmed({ run, seq, streamSeq: toStreamSeq(streamSeq) }, this.#confirmed - from);
  }

  /** True for the only sequence that the fence allows message n; for any where there is no fence. */
  #mayBeAt(n: number, streamSeq: number): boolean {
    return !this.#deps.fenced || streamSeq === this.#placeOf(n);
  }

  /** An answer that cannot be: where the record is, if anywhere, only the stream can tell. */
  #misplaced(n: number, streamSeq: number): GatewayError {
    const message = `acknowledged as ${streamSeq}, not as ${this.#placeOf(n)}`;
    return new GatewayError("stream.fenced", message);
  }

  /** The stream sequence that message n of the lane gets, and no other. */
  #placeOf(n: number): StreamSeq {
    return toStreamSeq(this.#deps.lastStreamSeq + 1 + n);
  }

  /** One timer for the whole window. */
  #look(): void {
    const { clock } = this.#deps;
    this.#timer = clock.setTimer(lookEveryMs, () => this.#look());
    if (this.inFlight > 0 && this.quiet) {
      this.fail(
        new GatewayError(
          "stream.timeout",
          `no answer to ${this.inFlight} publishes for ${ackTimeoutMs} ms`,
        ),
      );
    }
    this.#deps.onChange();
  }
}
