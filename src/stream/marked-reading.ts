/**
 * Reads what matches one filter of a stream, in the order of the stream, behind a mark of the reader's
 * own. Where the stream is not the one that was read, everything it holds is read again: what is read
 * so carries an id, by which its readers know what they had.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { ensureStream } from "./ensure-stream.ts";
import type { FollowedMessage, FollowOptions } from "./follow-stream.ts";
import {
  getLastMessage,
  getMessage,
  readStreamFacts,
  type StoredMessage,
  type StreamFacts,
} from "./message-get.ts";
import type { ReadingPlan } from "./steady-reader.ts";
import type { StreamContract } from "./stream-contract.ts";

/** An entry that was read, as the mark to go on behind; plain JSON. */
export interface EntryMark {
  /** When the stream was created, as the server writes it. */
  readonly created: string;
  readonly streamSeq: StreamSeq;
  /** Of the entry there. */
  readonly id: string;
}

/** A message as an entry is read from it. */
export type EntryMessage = Pick<StoredMessage, "natsSubject" | "body" | "streamSeq">;

/** What a message is; `stray` says why it is none of ours. */
export type ReadEntry<Entry extends object> =
  | { readonly entry: Entry; readonly id: string }
  | { readonly stray: string };

/** What is read, and who hears of it. */
export interface MarkedEntries<Entry extends object> {
  /** The stream; it is made where it is missing. */
  readonly contract: StreamContract;
  readonly natsSubjectFilter: string;
  /** A stream that holds what the filter takes and no more, for who may not read the other. */
  readonly copy?: string;
  readonly messagesInFlight: number;
  read(message: EntryMessage): ReadEntry<Entry>;
  /** A message was passed over. */
  onStray(message: EntryMessage, reason: string): void;
  /** The stream is not the one that was read up to the mark; it is read from its beginning. */
  onAnew(mark: EntryMark, facts: StreamFacts): void;
}

/** An entry, and the mark to go on behind it. */
export type MarkedEntry<Entry extends object> = Entry & {
  readonly mark: EntryMark;
  /** When the server stored it, by the server's clock. */
  readonly storedMs: EpochMs;
};

export class MarkedReading<Entry extends object>
  implements ReadingPlan<readonly MarkedEntry<Entry>[]>
{
  /** The stream itself, or the copy. */
  stream: string;
  readonly #entries: MarkedEntries<Entry>;
  #mark: EntryMark | undefined;
  #created = "";
  /** The last message seen, of ours or not. */
  #lastSeq = toStreamSeq(0);

  constructor(mark: EntryMark | undefined, entries: MarkedEntries<Entry>) {
    this.stream = entries.contract.name;
    this.#mark = mark;
    this.#entries = entries;
  }

  async locate(connection: NatsConnection): Promise<FollowOptions> {
    const { contract, copy, messagesInFlight, natsSubjectFilter } = this.#entries;
    const copied = copy === undefined ? undefined : await readFactsIfAllowed(connection, copy);
    const facts = copied ?? (await ensureStream(connection, contract));
    this.stream = copied && copy !== undefined ? copy : contract.name;
    const mark = this.#mark;
    this.#created = facts.created;
    if (mark && !(await this.#holds(connection, facts, mark))) {
      this.#mark = undefined;
      this.#entries.onAnew(mark, facts);
    }
    this.#lastSeq = this.#mark?.streamSeq ?? toStreamSeq(0);
    const from = toStreamSeq(this.#lastSeq + 1);
    if (copied) return { from, wakenBy: natsSubjectFilter };
    return { from, natsSubjectFilter, messagesInFlight };
  }

  take(messages: readonly FollowedMessage[]): {
    readonly batch?: readonly MarkedEntry<Entry>[];
    readonly astray: boolean;
  } {
    const batch: MarkedEntry<Entry>[] = [];
    let astray = false;
    for (const message of messages) {
      const streamSeq = toStreamSeq(message.seq);
      astray = streamSeq <= this.#lastSeq;
      if (astray) break;
      this.#lastSeq = streamSeq;
      const stored = { natsSubject: message.subject, body: message.data, streamSeq };
      const read = this.#entries.read(stored);
      if ("stray" in read) {
        this.#entries.onStray(stored, read.stray);
        continue;
      }
      this.#mark = { created: this.#created, streamSeq, id: read.id };
      batch.push({ ...read.entry, mark: this.#mark, storedMs: message.time.getTime() });
    }
    return batch.length > 0 ? { batch, astray } : { astray };
  }

  async isUpToDate(connection: NatsConnection): Promise<boolean> {
    const facts = await readStreamFacts(connection, this.stream);
    if (facts?.created !== this.#created) return false;
    if (this.#mark && !(await this.#holds(connection, facts, this.#mark))) return false;
    const last = await getLastMessage(connection, this.stream, this.#entries.natsSubjectFilter);
    return last === undefined || last.streamSeq <= this.#lastSeq;
  }

  /** True when the stream has the marked entry where it was read, or has let go of it by age. */
  async #holds(connection: NatsConnection, facts: StreamFacts, mark: EntryMark): Promise<boolean> {
    if (facts.created !== mark.created || facts.lastSeq < mark.streamSeq) return false;
    const message = await getMessage(connection, this.stream, mark.streamSeq);
    if (message === undefined) return true;
    const read = this.#entries.read(message);
    return "id" in read && read.id === mark.id;
  }
}

/** Undefined also where the right to look is missing: then there is no copy for us. */
async function readFactsIfAllowed(
  connection: NatsConnection,
  stream: string,
): Promise<StreamFacts | undefined> {
  try {
    return await readStreamFacts(connection, stream);
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.code === "stream.unauthorized") return undefined;
    throw thrown;
  }
}
