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
import { SeenRecords, type SeenState, type Tear } from "./seen-records.ts";
import { type ReadingPlan, SteadyReader, type SteadyReaderDependencies } from "./steady-reader.ts";

/** How far a stream has been read; plain JSON. */
export interface GatewayPosition extends SeenState {
  /** The last message read that holds a record. */
  readonly mark: ReadMark;
}

/** Some records in a row, at least one, at most 500. */
export interface ReadBatch {
  /** Stands before the first of the events. */
  readonly tear?: Tear;
  readonly events: readonly StoredEvent[];
  /** Where to go on behind them. */
  readonly position: GatewayPosition;
}

export interface GatewayReaderDependencies extends SteadyReaderDependencies {
  readonly metrics: Metrics;
  /** How many messages may be on their way at once; asked whenever reading begins anew. */
  readonly messagesInFlight: () => number;
}

/** Reads behind `position`, or the whole stream where there is none, until the signal. */
export function openGatewayReader(
  stream: string,
  position: GatewayPosition | undefined,
  signal: AbortSignal,
  deps: GatewayReaderDependencies,
): SteadyReader<ReadBatch> {
  const journal = createReaderJournal(stream, deps.logger, deps.metrics);
  const reading = new GatewayReading(stream, position, journal, deps.messagesInFlight);
  return new SteadyReader(reading, signal, deps);
}

class GatewayReading implements ReadingPlan<ReadBatch> {
  readonly stream: string;
  readonly #journal: ReaderJournal;
  readonly #seen: SeenRecords;
  readonly #messagesInFlight: () => number;
  #mark: ReadMark | undefined;
  #created = "";
  /** The message that has to come next. */
  #nextSeq = toStreamSeq(1);
  /** Nothing has come since the stream was looked at: what stood in between may have expired. */
  #justLocated = false;
  /** The message that joins on to what was read; undefined when none does. */
  #joinSeq: StreamSeq | undefined;
  /** Messages behind what was read are gone; the next new record tells which. */
  #torn = false;

  constructor(
    stream: string,
    position: GatewayPosition | undefined,
    journal: ReaderJournal,
    messagesInFlight: () => number,
  ) {
    this.stream = stream;
    this.#journal = journal;
    this.#messagesInFlight = messagesInFlight;
    this.#seen = new SeenRecords(position);
    this.#mark = position?.mark;
  }

  async locate(connection: NatsConnection): Promise<FollowOptions> {
    const view = await viewStream(connection, this.stream);
    if (!view) throw new GatewayError("stream.unavailable", `stream ${this.stream} is not there`);
    this.#created = view.created;
    const mark = this.#mark;
    const firstSeq = toStreamSeq(Math.max(1, view.firstSeq));
    if (!mark) {
      this.#nextSeq = firstSeq;
    } else if (await holdsMark(view, mark)) {
      this.#joinSeq = toStreamSeq(mark.streamSeq + 1);
      this.#nextSeq = toStreamSeq(Math.max(this.#joinSeq, firstSeq));
    } else {
      this.#nextSeq = await findFirstUnread(view, (record) => this.#seen.has(record));
      this.#joinSeq = this.#nextSeq > firstSeq ? this.#nextSeq : undefined;
      this.#journal.streamChanged(mark, view, this.#nextSeq);
    }
    this.#justLocated = true;
    return { from: this.#nextSeq, messagesInFlight: this.#messagesInFlight() };
  }

  take(messages: readonly JsMsg[]): { readonly batch?: ReadBatch; readonly astray: boolean } {
    const events: StoredEvent[] = [];
    let tear: Tear | undefined;
    let astray = false;
    for (const message of messages) {
      const streamSeq = toStreamSeq(message.seq);
      astray = this.#justLocated ? streamSeq < this.#nextSeq : streamSeq !== this.#nextSeq;
      if (astray) {
        this.#journal.astray(this.#nextSeq, streamSeq);
        break;
      }
      if (this.#justLocated) this.#torn = this.#mark !== undefined && streamSeq !== this.#joinSeq;
      this.#justLocated = false;
      this.#nextSeq = toStreamSeq(streamSeq + 1);
      const event = this.#decode(message, streamSeq);
      if (!event) continue;
      tear ??= this.#note(event);
      events.push(event);
    }
    this.#journal.read(events.length);
    this.#journal.missing(this.#seen.giveUpHoles(false));
    if (events.length === 0 || !this.#mark) return { astray };
    const position = { mark: this.#mark, ...this.#seen.state() };
    return { batch: { ...(tear && { tear }), events, position }, astray };
  }

  async isUpToDate(connection: NatsConnection): Promise<boolean> {
    const view = await viewStream(connection, this.stream);
    if (view?.created !== this.#created || view.lastSeq !== this.#nextSeq - 1) return false;
    if (this.#mark && !(await holdsMark(view, this.#mark))) return false;
    this.#journal.missing(this.#seen.giveUpHoles(true));
    return true;
  }

  /** The event in a message; undefined where there is none, or one that was read before. */
  #decode(message: JsMsg, streamSeq: StreamSeq): StoredEvent | undefined {
    const decoded = decodeEvent(message.string());
    if (isMalformed(decoded)) {
      this.#journal.malformed(streamSeq, decoded.malformed);
      return undefined;
    }
    const { run, seq } = decoded.position;
    this.#mark = { created: this.#created, streamSeq, run, seq };
    if (!this.#seen.has(decoded.position)) return decoded;
    this.#journal.repeated();
    return undefined;
  }

  /** Notes a new record, and gives what is torn off before it. */
  #note({ data, kind, position }: StoredEvent): Tear | undefined {
    const after = this.#seen.newest;
    const tear =
      this.#torn && after && after.seq + 1 !== position.seq
        ? { after, before: position }
        : undefined;
    this.#torn = false;
    this.#seen.add(position, tear !== undefined);
    if (kind === "gap") this.#seen.explain(data);
    if (tear) this.#journal.torn(tear);
    return tear;
  }
}
