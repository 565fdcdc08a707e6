/**
 * The lane for servers that take batches: one answer for many messages.
 *
 * The server takes a message of a batch only directly behind the one before it, and ends the batch at
 * the first that it refuses. Each message demands its place in the stream besides, so nothing is ever
 * stored behind a stranger's message. It acknowledges every n-th message and the end of the batch,
 * which is told to it as soon as no other acknowledgement is to come: its own timer ends none.
 *
 * Invariants
 * - Message n of the lane is stored as `lastStreamSeq + 1 + n`, or it is an anomaly.
 * - Never two batches at once: the next begins when the end of the one before is acknowledged.
 * - Answers that come after `end` reach nobody.
 */
import type { Msg, Subscription } from "@nats-io/transport-node";
import type { Timer } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { StoredRecord } from "../core/record.ts";
import { AnswerWatch } from "./answer-watch.ts";
import { type BatchAnswer, parseBatchAnswer } from "./batch-answer.ts";
import { BatchedRecords } from "./batched-records.ts";
import { type Lane, type LaneOptions, type LaneRest, mostUnansweredBytes } from "./lane.ts";
import { askHowFar, endBatch, type OpenBatch, roleIn } from "./open-batch.ts";
import { PublishWriter } from "./publish-writer.ts";

/** Unacknowledged messages wait about as long for others; what comes later than that is alone again. */
const restMs = 100;
/** More than one look: behind a standstill of this process the first one comes before what was heard. */
const looksPerRest = 2;
/** So many acknowledgements for each window, so that it never runs empty for want of one. */
const acksPerWindow = 32;
/** Where large records bring so much between two acknowledgements, the server is asked: links may be slow. */
const unaskedBytes = 16 * 1_024;
/** The end of an inbox tells it from all others of late, and ids of batches are short. */
const idLength = 10;

export interface BatchLaneOptions extends LaneOptions {
  /** Called when the server takes no batches after all. The lane has an anomaly then. */
  readonly onUnfit: () => void;
}

/** Begins to hear answers; `end` is for letting go of them. */
export function openBatchLane(options: BatchLaneOptions): Lane {
  return new BatchLane(options);
}

class BatchLane implements Lane {
  readonly #options: BatchLaneOptions;
  readonly #records: BatchedRecords;
  readonly #writer: PublishWriter;
  readonly #answers: Subscription;
  readonly #watch: AnswerWatch;
  /** The server acknowledges as often, or more often. */
  readonly #flow: number;
  #batch: OpenBatch | undefined;
  #batches = 0;
  /** Sent since the last message that brings an answer. */
  #unaskedBytes = 0;
  #restTimer: Timer | undefined;
  /** Looks at the batch since an answer came. */
  #silentLooks = 0;
  #anomaly: GatewayError | undefined;

  constructor(options: BatchLaneOptions) {
    const { connection, inbox, window } = options;
    this.#options = options;
    this.#flow = Math.max(1, Math.floor(window / acksPerWindow));
    this.#records = new BatchedRecords(options);
    this.#writer = new PublishWriter({ ...options, replyPrefix: "" });
    this.#answers = connection.subscribe(`${inbox}.>`, {
      callback: (failure, message) => this.#hear(failure, message),
    });
    this.#watch = new AnswerWatch({
      ...options,
      awaited: () => Math.max(this.inFlight, this.#batch?.ending ? 1 : 0),
      onTimeout: (failure) => this.fail(failure),
    });
  }

  get inFlight(): number {
    return this.#records.unanswered;
  }

  get full(): boolean {
    return (
      this.#batch?.ending === true ||
      this.#records.unconfirmed >= this.#options.window ||
      this.#records.unconfirmedBytes >= mostUnansweredBytes
    );
  }

  get anomaly(): GatewayError | undefined {
    return this.#anomaly;
  }

  get quiet(): boolean {
    return this.#watch.quiet;
  }

  publish(record: StoredRecord): number {
    const { connection, lastStreamSeq } = this.#options;
    const n = this.#records.next;
    const batch = this.#batch ?? this.#name(n, this.#watch.silentMs >= restMs);
    const limit = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    const number = n - batch.first + 1;
    const role = roleIn(batch, n);
    const bytes = this.#writer.write(record, number, lastStreamSeq + n, limit, role);
    if (bytes === 0) return 0;
    this.#watch.asked();
    if (!this.#batch) this.#begin(batch);
    this.#records.add(record, bytes);
    this.#unaskedBytes = number % this.#flow === 0 ? 0 : this.#unaskedBytes + bytes;
    if (this.#unaskedBytes >= unaskedBytes && !batch.ending) this.#askHowFar(batch);
    return bytes;
  }

  fail(anomaly: GatewayError): void {
    if (this.#anomaly) return;
    this.#anomaly = anomaly;
    this.#options.onChange();
  }

  end(): LaneRest {
    this.#watch.end();
    if (this.#batch) this.#askForEnd(this.#batch);
    this.#restTimer?.cancel();
    if (!this.#options.connection.isClosed()) this.#answers.unsubscribe();
    return this.#records.rest();
  }

  /** The first record of a lane, and after a rest, is all of its batch: for what comes seldom. */
  #name(first: number, alone: boolean): OpenBatch {
    const { inbox } = this.#options;
    const id = `${inbox.slice(-idLength)}-${this.#batches}`;
    const replyPrefix = `${inbox}.${id}.${this.#flow}.fail.`;
    this.#writer.answerTo(replyPrefix);
    return { replyPrefix, first, ending: alone };
  }

  #begin(batch: OpenBatch): void {
    this.#batch = batch;
    this.#batches += 1;
    this.#silentLooks = 0;
    this.#rest(batch);
  }

  /** Ends the batch where no answer has come for a while and none is on its way. */
  #rest(batch: OpenBatch): void {
    this.#restTimer = this.#options.clock.setTimer(restMs / looksPerRest, () => {
      this.#silentLooks += 1;
      const owed = this.#records.unconfirmed >= this.#flow;
      if (this.#silentLooks >= looksPerRest && !owed) this.#askForEnd(batch);
      this.#rest(batch);
    });
  }

  /** For an answer that says that the server is there, and not how many more are stored. */
  #askHowFar(batch: OpenBatch): void {
    const { connection, origin } = this.#options;
    this.#unaskedBytes = 0;
    this.#writer.handOver();
    askHowFar(connection, origin, batch, this.#records.next);
  }

  #askForEnd(batch: OpenBatch): void {
    const { connection, origin } = this.#options;
    if (batch.ending || connection.isClosed()) return;
    this.#watch.asked();
    batch.ending = true;
    this.#writer.handOver();
    endBatch(connection, origin, batch, this.#records.next);
  }

  #hear(failure: Error | null, message: Msg): void {
    if (failure) {
      this.fail(GatewayError.from(failure, "stream.unauthorized", "cannot hear answers"));
      return;
    }
    const batch = this.#batch;
    const { data, headers, subject } = message;
    if (!batch || !subject.startsWith(batch.replyPrefix)) return;
    const number = Number(subject.slice(batch.replyPrefix.length).split(".", 1)[0]);
    // The inbox is ours, and yet anybody who is allowed to may publish to it.
    if (!Number.isInteger(number) || number < 1) return;
    this.#silentLooks = 0;
    this.#watch.answered();
    this.#take(batch, batch.first + number, parseBatchAnswer(data, headers?.code ?? 0));
    this.#options.onChange();
  }

  /** `end`: behind the message whose answer this is. */
  #take(batch: OpenBatch, end: number, answer: BatchAnswer): void {
    const records = this.#records;
    switch (answer.kind) {
      case "stored":
        this.#confirm(batch.first + answer.count);
        break;
      case "ended":
        this.#close(batch.first + answer.count, answer.streamSeq);
        break;
      case "broken":
        records.refuse(batch.first + answer.at - 1, answer.failure);
        this.fail(answer.failure);
        break;
      case "alone":
        this.#options.onUnfit();
        // Such a server stores a message whatever became of those before it.
        if (end === records.confirmed + 1 && answer.streamSeq === records.placeOf(end - 1))
          this.#confirm(end);
        this.fail(strange("the server answers as if there were no batches"));
        this.#answerSingly(batch, end);
        break;
      case "refused":
        if (answer.unfit) this.#options.onUnfit();
        records.refuse(end - 1, answer.failure);
        this.fail(answer.failure);
        this.#answerSingly(batch, end);
        break;
    }
  }

  /** A message was answered for itself, and so was all before it that is not stored. */
  #answerSingly({ ending }: OpenBatch, end: number): void {
    this.#records.answer(end);
    // One that was not to end by itself may still be open, and is ended with the lane.
    if (ending && this.#records.unanswered === 0) this.#over();
  }

  #confirm(end: number): void {
    if (end <= this.#records.next) this.#records.confirm(end);
    else this.fail(strange("more is acknowledged than was sent"));
  }

  /** A batch is over: where its last message stands tells whether all of it stands in its place. */
  #close(end: number, streamSeq: number): void {
    const place = this.#records.placeOf(end - 1);
    if (streamSeq === place || end === this.#batch?.first) this.#confirm(end);
    else
      this.fail(new GatewayError("stream.fenced", `acknowledged as ${streamSeq}, not as ${place}`));
    if (end < this.#records.next) this.fail(strange("the server ended a batch"));
    this.#over();
  }

  #over(): void {
    this.#batch = undefined;
    this.#restTimer?.cancel();
    this.#records.answer(this.#records.next);
  }
}

function strange(message: string): GatewayError {
  return new GatewayError("stream.unavailable", message);
}
