/**
 * Reads the stream of one gateway, in order and each record once, from a position of the reader's
 * own. Where the stream is not the one that was read (restored from an older copy, created anew),
 * everything read so far is found again by what the records say of themselves.
 *
 * Invariants
 * - Records come out in the order of the stream, and none comes out twice.
 * - The position of a batch is behind its last record, never further.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import type { StoredEvent } from "../core/event.ts";
import { isMalformed } from "../core/event-codec.ts";
import { type LogPosition, parseEventId, type StreamSeq, toStreamSeq } from "../core/ids.ts";
import type { Metrics } from "../core/metrics.ts";
import { gatewayStream } from "../core/subject.ts";
import type { FollowedMessage, FollowOptions } from "./follow-stream.ts";
import { createReaderJournal, type ReaderJournal } from "./gateway-reader-journal.ts";
import { findFirstUnread, holdsMark, type ReadMark, viewStream } from "./locate-position.ts";
import { readEventMessage } from "./read-event-message.ts";
import { SeenRecords, type SeenState, type Tear } from "./seen-records.ts";
import { type ReadingPlan, SteadyReader, type SteadyReaderDependencies } from "./steady-reader.ts";
import { eventIdHeader } from "./stream-contract.ts";

/** How far a stream has been read; plain JSON. */
export interface GatewayPosition extends SeenState {
  /** The last message read that holds a record. */
  readonly mark: ReadMark;
  /** The last message read that holds none; absent where there was none. */
  readonly stray?: StrayMark;
}

type StrayMark = Pick<ReadMark, "created" | "streamSeq">;

/** A message that is no event of ours. */
export interface StrayMessage {
  /** `<run>.<seq>` where it is a record by its id, else `message <number>`. */
  readonly where: string;
  readonly reason: string;
}

/** A message that holds an event, as it stands in its stream. */
export interface EventMessage {
  readonly streamSeq: StreamSeq;
  readonly natsSubject: string;
  readonly body: Uint8Array;
}

/** Some messages in a row, at least one, at most 500. */
export interface ReadBatch {
  /** Stands before the first of the events. */
  readonly tear?: Tear;
  readonly events: readonly StoredEvent[];
  /** The message of each of the events, in the same places; empty where the reader keeps none. */
  readonly messages: readonly EventMessage[];
  /** Each once, as events are, where the stream has at least one record. */
  readonly strays: readonly StrayMessage[];
  /** Where to go on behind them; undefined while the stream has shown no record. */
  readonly position: GatewayPosition | undefined;
}

export interface GatewayReaderDependencies extends SteadyReaderDependencies {
  readonly metrics: Metrics;
  /** How many messages may be on their way at once; asked whenever reading begins anew. */
  readonly messagesInFlight: () => number;
  /** For who passes events on as they are written. */
  readonly keepsMessages?: boolean;
}

/** Reads behind `position`, or the whole stream where there is none, until the signal. */
export function openGatewayReader(
  stream: string,
  position: GatewayPosition | undefined,
  signal: AbortSignal,
  deps: GatewayReaderDependencies,
): SteadyReader<ReadBatch> {
  const journal = createReaderJournal(stream, deps.logger, deps.metrics);
  const reading = new GatewayReading(stream, position, journal, deps);
  return new SteadyReader(reading, signal, deps);
}

class GatewayReading implements ReadingPlan<ReadBatch> {
  readonly stream: string;
  readonly #journal: ReaderJournal;
  readonly #seen: SeenRecords;
  readonly #messagesInFlight: () => number;
  readonly #keepsMessages: boolean;
  #mark: ReadMark | undefined;
  #stray: StrayMark | undefined;
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
    deps: Pick<GatewayReaderDependencies, "messagesInFlight" | "keepsMessages">,
  ) {
    this.stream = stream;
    this.#journal = journal;
    this.#messagesInFlight = deps.messagesInFlight;
    this.#keepsMessages = deps.keepsMessages ?? false;
    this.#seen = new SeenRecords(position);
    this.#mark = position?.mark;
    this.#stray = position?.stray;
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

  take(messages: readonly FollowedMessage[]): {
    readonly batch?: ReadBatch;
    readonly astray: boolean;
  } {
    const events: StoredEvent[] = [];
    const held: EventMessage[] = [];
    const strays: StrayMessage[] = [];
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
      const decoded = readEventMessage(message, this.stream);
      if (isMalformed(decoded)) {
        const stray = this.#passOver(message, streamSeq, decoded.malformed);
        if (stray) strays.push(stray);
        continue;
      }
      if (!this.#isNew(decoded.position, streamSeq)) continue;
      tear ??= this.#note(decoded);
      events.push(decoded);
      if (this.#keepsMessages)
        held.push({ streamSeq, natsSubject: message.subject, body: message.data });
    }
    this.#journal.read(events.length);
    this.#journal.missing(this.#seen.giveUpHoles(false));
    if (events.length === 0 && strays.length === 0) return { astray };
    const position = this.#position();
    const batch = { ...(tear && { tear }), events, messages: held, strays, position };
    return { batch, astray };
  }

  async isUpToDate(connection: NatsConnection): Promise<boolean> {
    const view = await viewStream(connection, this.stream);
    if (view?.created !== this.#created || view.lastSeq !== this.#nextSeq - 1) return false;
    if (this.#mark && !(await holdsMark(view, this.#mark))) return false;
    this.#journal.missing(this.#seen.giveUpHoles(true));
    return true;
  }

  #position(): GatewayPosition | undefined {
    const stray = this.#stray;
    return this.#mark && { mark: this.#mark, ...(stray && { stray }), ...this.#seen.state() };
  }

  /** Moves the mark to a record; false where it was read before. */
  #isNew({ run, seq }: LogPosition, streamSeq: StreamSeq): boolean {
    this.#mark = { created: this.#created, streamSeq, run, seq };
    if (!this.#seen.has({ run, seq })) return true;
    this.#journal.repeated();
    return false;
  }

  /**
   * A message that is no event of ours; undefined where it was passed over before. What is a record
   * by its id is not missing, whatever is in it; behind a tear the next event tells what is.
   */
  #passOver(
    message: FollowedMessage,
    streamSeq: StreamSeq,
    reason: string,
  ): StrayMessage | undefined {
    const record = parseEventId(message.headers?.get(eventIdHeader) ?? "");
    const isOwn = record !== undefined && gatewayStream(record.gateway) === this.stream;
    if (isOwn && !this.#torn) {
      if (!this.#isNew(record, streamSeq)) return undefined;
      this.#seen.add({ run: record.run, seq: record.seq });
    } else {
      const created = this.#created;
      if (this.#stray?.created === created && streamSeq <= this.#stray.streamSeq) return undefined;
      this.#stray = { created, streamSeq };
    }
    this.#journal.malformed(streamSeq, reason);
    return { where: isOwn ? `${record.run}.${record.seq}` : `message ${streamSeq}`, reason };
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
