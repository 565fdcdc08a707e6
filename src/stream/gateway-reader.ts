/**
 * Reads the stream of one gateway, in order and each record once, from a position of the reader's
 * own.
 *
 * No cursor is kept at the server: after a power cut one was found ahead of its stream, and its
 * reader starved in silence. Instead the reader looks whether the stream still is what it has read:
 * at the start, at each connect, after some seconds of silence, and whenever a message is not the
 * next one. Where it is not, everything read so far is found again by what the records say of
 * themselves.
 *
 * Invariants
 * - Records come out in the order of the stream, and none comes out twice.
 * - `position` is that of the last batch handed out.
 */
import type { JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { StoredEvent } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { Backbone } from "./backbone.ts";
import { type FollowedStream, followStream } from "./follow-stream.ts";
import { createReaderJournal, type ReaderJournal } from "./gateway-reader-journal.ts";
import { findFirstUnread, holdsMark, type ReadMark, viewStream } from "./locate-position.ts";
import { SeenRecords, type SeenState } from "./seen-records.ts";

/** Silence after which the reader looks whether it is the stream that is silent. */
const silenceMs = 5_000;
const backoffLimits = { baseMs: 250, maxMs: 5_000 };

/** How far a stream has been read; plain JSON. */
export interface GatewayPosition extends SeenState {
  /** The last message read that holds a record. */
  readonly mark: ReadMark;
}

/** Some records in a row, at least one. */
export interface ReadBatch {
  readonly events: readonly StoredEvent[];
  /** Where to go on behind them. */
  readonly position: GatewayPosition;
}

export interface GatewayReader {
  /**
   * The next records, at most 500; waits for them as long as it takes. Undefined once the signal
   * is aborted. Not to be called while a call is under way.
   */
  next(): Promise<ReadBatch | undefined>;
}

export interface GatewayReaderDependencies {
  readonly backbone: Backbone;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Reads behind `position`, or the whole stream where there is none, until the signal. */
export function openGatewayReader(
  stream: string,
  position: GatewayPosition | undefined,
  signal: AbortSignal,
  deps: GatewayReaderDependencies,
): GatewayReader {
  return new StreamReader(stream, position, signal, deps);
}

class StreamReader implements GatewayReader {
  readonly #stream: string;
  readonly #signal: AbortSignal;
  readonly #deps: GatewayReaderDependencies;
  readonly #journal: ReaderJournal;
  readonly #backoff: Backoff;
  readonly #seen: SeenRecords;
  #mark: ReadMark | undefined;
  #followed: FollowedStream | undefined;
  #connection: NatsConnection | undefined;
  #created = "";
  /** The message that has to come next. */
  #nextSeq = toStreamSeq(1);
  /** Nothing has come since the stream was looked at: the messages in between may have expired. */
  #justLooked = false;

  constructor(
    stream: string,
    position: GatewayPosition | undefined,
    signal: AbortSignal,
    deps: GatewayReaderDependencies,
  ) {
    this.#stream = stream;
    this.#signal = signal;
    this.#deps = deps;
    this.#journal = createReaderJournal(stream, deps.logger, deps.metrics);
    this.#backoff = new Backoff(backoffLimits, deps.random);
    this.#seen = new SeenRecords(position);
    this.#mark = position?.mark;
  }

  async next(): Promise<ReadBatch | undefined> {
    while (!this.#signal.aborted) {
      try {
        this.#followed ??= await this.#begin();
        const messages = await this.#followed.next(silenceMs, this.#signal);
        this.#backoff.reset();
        if (messages.length === 0) await this.#lookAround();
        const events = this.#take(messages);
        const mark = this.#mark;
        if (events.length > 0 && mark) return { events, position: { mark, ...this.#seen.state() } };
      } catch (thrown) {
        await this.#stumble(thrown);
      }
    }
    await this.#stopFollowing();
    return undefined;
  }

  /** Finds out where to go on, and follows the stream from there. */
  async #begin(): Promise<FollowedStream> {
    const connection = await this.#deps.backbone.connected(this.#signal);
    this.#connection = connection;
    const view = await viewStream(connection, this.#stream);
    if (!view) throw new GatewayError("stream.unavailable", `stream ${this.#stream} is not there`);
    this.#created = view.created;
    if (this.#mark && (await holdsMark(view, this.#mark)))
      this.#nextSeq = toStreamSeq(Math.max(this.#mark.streamSeq + 1, view.firstSeq));
    else {
      this.#nextSeq = await findFirstUnread(view, (record) => this.#seen.has(record));
      if (this.#mark) this.#journal.streamChanged(this.#mark, view, this.#nextSeq);
    }
    this.#justLooked = true;
    const from = { from: this.#nextSeq };
    return followStream(connection, this.#stream, from, this.#deps.clock);
  }

  /** Nothing came for a while: is there nothing, or is it kept from us? */
  async #lookAround(): Promise<void> {
    if (this.#signal.aborted || !this.#connection) return;
    const view = await viewStream(this.#connection, this.#stream);
    const caughtUp = view?.created === this.#created && view.lastSeq === this.#nextSeq - 1;
    const same = caughtUp && (!this.#mark || (await holdsMark(view, this.#mark)));
    if (same) this.#journal.missing(this.#seen.giveUpHoles(true));
    else await this.#stopFollowing();
  }

  /** The unread records among the messages, up to the first message that is not the next one. */
  #take(messages: readonly JsMsg[]): StoredEvent[] {
    const events: StoredEvent[] = [];
    for (const message of messages) {
      const streamSeq = toStreamSeq(message.seq);
      const inOrder = this.#justLooked ? streamSeq >= this.#nextSeq : streamSeq === this.#nextSeq;
      if (!inOrder) {
        this.#journal.outOfOrder(this.#nextSeq, streamSeq);
        void this.#stopFollowing();
        break;
      }
      this.#justLooked = false;
      this.#nextSeq = toStreamSeq(streamSeq + 1);
      const event = this.#read(message, streamSeq);
      if (event) events.push(event);
    }
    this.#journal.read(events.length);
    this.#journal.missing(this.#seen.giveUpHoles(false));
    return events;
  }

  #read(message: JsMsg, streamSeq: StreamSeq): StoredEvent | undefined {
    const decoded = decodeEvent(message.string());
    if (isMalformed(decoded)) {
      this.#journal.malformed(streamSeq, decoded.malformed);
      return undefined;
    }
    const { run, seq } = decoded.position;
    this.#mark = { created: this.#created, streamSeq, run, seq };
    if (this.#seen.has(decoded.position)) {
      this.#journal.repeated();
      return undefined;
    }
    this.#seen.add(decoded.position);
    if (decoded.kind === "gap") this.#seen.explain(decoded.data);
    return decoded;
  }

  async #stumble(thrown: unknown): Promise<void> {
    await this.#stopFollowing();
    if (this.#signal.aborted) return;
    const failure = GatewayError.from(thrown, "stream.unavailable", `cannot read ${this.#stream}`);
    this.#deps.logger.debug("reading a gateway's stream is tried again", {
      stream: this.#stream,
      reason: failure.message,
    });
    await sleep(this.#deps.clock, this.#backoff.nextMs(), this.#signal);
  }

  async #stopFollowing(): Promise<void> {
    const followed = this.#followed;
    this.#followed = undefined;
    await followed?.close();
  }
}
