/**
 * Single messages and facts of a stream, by the JetStream API and without a consumer. Reads go to
 * the stream's leader, so what they say was stored when they were answered.
 */
import {
  type JetStreamManager,
  jetstreamManager,
  type StoredMsg,
  type StreamInfo,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { eventIdHeader } from "./stream-contract.ts";
import { apiCodeOf, apiCodes, toStreamError } from "./stream-error.ts";

const requestTimeoutMs = 5_000;

/** A message as it stands in a stream. */
export interface StoredMessage {
  readonly streamSeq: StreamSeq;
  readonly natsSubject: string;
  /** The event id it carries; undefined when whoever published it gave none. */
  readonly eventId: string | undefined;
  readonly body: Uint8Array;
  /** When the server stored it, by the server's clock. */
  readonly storedMs: EpochMs;
}

/** Where a stream begins and ends. */
export interface StreamFacts {
  /** As the server writes it; another value means another stream under the same name. */
  readonly created: string;
  /** One above `lastSeq` when the stream is empty but was not always. */
  readonly firstSeq: StreamSeq;
  /** Never goes back while the stream lives, also when all messages have expired. */
  readonly lastSeq: StreamSeq;
  readonly messages: number;
}

/** The message with this number; undefined when the stream does not hold it. */
export function getMessage(
  connection: NatsConnection,
  stream: string,
  streamSeq: StreamSeq,
): Promise<StoredMessage | undefined> {
  return get(connection, stream, { seq: streamSeq }, `message ${streamSeq}`);
}

/** So many messages are asked for at once; each may be as large as the server takes. */
const mostAsked = 64;

/**
 * What the stream holds from `from` down to `to`, the newest first. More and more are asked for at
 * once, so that a long way back costs few round trips and a short one few messages.
 */
export async function* getMessagesBack(
  connection: NatsConnection,
  stream: string,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<StoredMessage> {
  let asked = 1;
  for (let at = from; at >= to; asked = Math.min(2 * asked, mostAsked)) {
    const count = Math.min(asked, at - to + 1);
    const next = at;
    const messages = await Promise.all(
      Array.from({ length: count }, (_, back) =>
        getMessage(connection, stream, toStreamSeq(next - back)),
      ),
    );
    for (const message of messages) if (message) yield message;
    at -= count;
  }
}

/** What the stream holds from `from` up to `to`, in its order: without a consumer, so for few. */
export async function* getMessagesOn(
  connection: NatsConnection,
  stream: string,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<StoredMessage> {
  for (let at = from; at <= to; at += mostAsked) {
    const next = at;
    const count = Math.min(mostAsked, to - at + 1);
    const messages = await Promise.all(
      Array.from({ length: count }, (_, on) =>
        getMessage(connection, stream, toStreamSeq(next + on)),
      ),
    );
    for (const message of messages) if (message) yield message;
  }
}

/** The last message whose subject matches the filter; undefined when there is none. */
export function getLastMessage(
  connection: NatsConnection,
  stream: string,
  subjectFilter: string,
): Promise<StoredMessage | undefined> {
  return get(connection, stream, { last_by_subj: subjectFilter }, `the last ${subjectFilter}`);
}

/** The first message with this subject at `from` or behind it; undefined when there is none. */
export function getNextMessage(
  connection: NatsConnection,
  stream: string,
  subject: string,
  from: StreamSeq,
): Promise<StoredMessage | undefined> {
  return get(
    connection,
    stream,
    { seq: from, next_by_subj: subject },
    `the next ${subject} from ${from} on`,
  );
}

/** The same as the client gives it, with its headers; `subject` may have wildcards. */
export function readNext(
  connection: NatsConnection,
  stream: string,
  subject: string,
  from: StreamSeq,
): Promise<StoredMsg | undefined> {
  const query = { seq: from, next_by_subj: subject };
  return read(connection, stream, query, `what follows ${from}`);
}

/** Facts of a stream; undefined when there is no such stream. */
export async function readStreamFacts(
  connection: NatsConnection,
  stream: string,
): Promise<StreamFacts | undefined> {
  const info = await readStreamInfo(connection, stream);
  return info && toStreamFacts(info);
}

/** All the server says of a stream; undefined when there is no such stream. */
export async function readStreamInfo(
  connection: NatsConnection,
  stream: string,
): Promise<StreamInfo | undefined> {
  try {
    return await (await streamApi(connection)).streams.info(stream);
  } catch (thrown) {
    if (apiCodeOf(thrown) === apiCodes.streamNotFound) return undefined;
    throw toStreamError(thrown, `cannot read the state of stream ${stream}`);
  }
}

export function toStreamFacts(info: StreamInfo): StreamFacts {
  return {
    created: String(info.created),
    firstSeq: toStreamSeq(info.state.first_seq),
    lastSeq: toStreamSeq(info.state.last_seq),
    messages: info.state.messages,
  };
}

const apis = new WeakMap<NatsConnection, Promise<JetStreamManager>>();

/** The client's own interface to streams; asks nothing of the server by itself. */
export function streamApi(connection: NatsConnection): Promise<JetStreamManager> {
  const known = apis.get(connection);
  if (known) return known;
  const api = jetstreamManager(connection, { checkAPI: false, timeout: requestTimeoutMs });
  apis.set(connection, api);
  return api;
}

type Query =
  | { readonly seq: number; readonly next_by_subj?: string }
  | { readonly last_by_subj: string };

async function get(
  connection: NatsConnection,
  stream: string,
  query: Query,
  what: string,
): Promise<StoredMessage | undefined> {
  const message = await read(connection, stream, query, what);
  return message && toStoredMessage(message);
}

async function read(
  connection: NatsConnection,
  stream: string,
  query: Query,
  what: string,
): Promise<StoredMsg | undefined> {
  try {
    return (await (await streamApi(connection)).streams.getMessage(stream, query)) ?? undefined;
  } catch (thrown) {
    if (apiCodeOf(thrown) === apiCodes.noMessage) return undefined;
    throw toStreamError(thrown, `cannot read ${what} of stream ${stream}`);
  }
}

function toStoredMessage(message: StoredMsg): StoredMessage {
  const id = message.header.get(eventIdHeader);
  return {
    streamSeq: toStreamSeq(message.seq),
    natsSubject: message.subject,
    eventId: id === "" ? undefined : id,
    body: message.data,
    storedMs: message.time.getTime(),
  };
}
