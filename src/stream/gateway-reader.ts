/**
 * Reads the stream of one gateway, in order and each record once, from a position of the reader's
 * own. Where the stream is not the one that was read (restored from an older copy, created anew),
 * everything read so far is found again by what the records say of themselves.
 *
 * Invariants
 * - Records come out in the order of the stream, and none comes out twice.
 * - The position of a batch is behind its last record, never further.
 */
import type { JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import type { StoredEvent } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import type { Metrics } from "../core/metrics.ts";
import type { FollowOptions } from "./follow-stream.ts";
import { createReaderJournal, type ReaderJournal } from "./gateway-reader-journal.ts";
import { findFirstUnread, holdsMark, type ReadMark, viewStream } from "./locate-position.ts";
import { SeenRecords, type SeenState } from "./seen-records.ts";
import { type ReadingPlan, SteadyReader, type SteadyReaderDependencies } from "./steady-reader.ts";

/** How far a stream has been read; plain JSON. */
export interface GatewayPosition extends SeenState {
  /** The last message read that holds a record. */
  readonly mark: ReadMark;
}

/** Some records in a row, at least one, at most 500. */
export interface ReadBatch {
  readonly events: readonly StoredEvent[];
  /** Where to go on behind them. */
  readonly position: GatewayPosition;
}

export interface GatewayReaderDependencies extends SteadyReaderDependencies {
  readonly metrics: Metrics;
}

/** Reads behind `position`, or the whole stream where there is none, until the signal. */
export function openGatewayReader(
  stream: string,
  position: GatewayPosition | undefined,
  signal: AbortSignal,
  deps: GatewayReaderDependencies,
): SteadyReader<ReadBatch> {
  const journal = createReaderJournal(stream, deps.logger, deps.metrics);
  return new SteadyReader(new GatewayReading(stream, position, journal), signal, deps);
}

class GatewayReading implements ReadingPlan<ReadBatch> {
  readonly stream: string;
  readonly #journal: ReaderJournal;
  readonly #seen: SeenRecords;
  #mark: ReadMark | undefined;
  #created = "";
  /** The message that has to come next. */
  #nextSeq = toStreamSeq(1);
  /** Nothing has come since the stream was looked at: what stood in between may have expired. */
  #justLocated = false;

  constructor(stream: string, position: GatewayPosition | undefined, journal: ReaderJournal) {
    this.stream = stream;
    this.#journal = journal;
    this.#seen = new SeenRecords(position);
    this.#mark = position?.mark;
  }

  async locate(connection: NatsConnection): Promise<FollowOptions> {
    const view = await viewStream(connection, this.stream);
    if (!view) throw new GatewayError("stream.unavailable", `stream ${this.stream} is not there`);
    this.#created = view.created;
    const mark = this.#mark;
    if (!mark) this.#nextSeq = toStreamSeq(Math.max(1, view.firstSeq));
    else if (await holdsMark(view, mark))
      this.#nextSeq = toStreamSeq(Math.max(mark.streamSeq + 1, view.firstSeq));
    else {
      this.#nextSeq = await findFirstUnread(view, (record) => this.#seen.has(record));
      this.#journal.streamChanged(mark, view, this.#nextSeq);
    }
    this.#justLocated = true;
    return { from: this.#nextSeq };
  }

  take(messages: readonly JsMsg[]): { readonly batch?: ReadBatch; readonly astray: boolean } {
    const events: StoredEvent[] = [];
    let astray = false;
    for (const message of messages) {
      const streamSeq = toStreamSeq(message.seq);
      astray = this.#justLocated ? streamSeq < this.#nextSeq : streamSeq !== this.#nextSeq;
      if (astray) {
        this.#journal.astray(this.#nextSeq, streamSeq);
        break;
      }
      this.#justLocated = false;
      this.#nextSeq = toStreamSeq(streamSeq + 1);
      const event = this.#read(message, streamSeq);
      if (event) events.push(event);
    }
    this.#journal.read(events.length);
    this.#journal.missing(this.#seen.giveUpHoles(false));
    if (events.length === 0 || !this.#mark) return { astray };
    return { batch: { events, position: { mark: this.#mark, ...this.#seen.state() } }, astray };
  }

  async isUpToDate(connection: NatsConnection): Promise<boolean> {
    const view = await viewStream(connection, this.stream);
    if (view?.created !== this.#created || view.lastSeq !== this.#nextSeq - 1) return false;
    if (this.#mark && !(await holdsMark(view, this.#mark))) return false;
    this.#journal.missing(this.#seen.giveUpHoles(true));
    return true;
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
}
