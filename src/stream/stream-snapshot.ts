/**
 * A stream as the server itself packs it: messages, consumers, numbers and all; and put back.
 *
 * The server sends pieces, and waits until those before are taken; a piece without bytes is the end.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { toStreamError } from "./stream-error.ts";

const chunkBytes = 128 * 1024;
/** For each answer, and for each piece to come. */
const patienceMs = 30_000;

/** What the server says of a stream that it packs, and wants to hear when it comes back. */
export interface SnapshotHead {
  readonly config: object;
  readonly state: object;
}

export interface SnapshotSink {
  /** Before the first piece. */
  begin(head: SnapshotHead): Promise<void>;
  piece(bytes: Uint8Array): Promise<void>;
}

/** Where pieces are asked for, and come. */
export interface SnapshotPlace {
  readonly connection: NatsConnection;
  /** A subject of our own that nobody else listens to. */
  readonly inbox: string;
  readonly clock: Clock;
}

/** Packs a stream as it is now; rejects when the server gives up, or says nothing for long. */
export async function takeSnapshot(
  { clock, connection, inbox }: SnapshotPlace,
  stream: string,
  sink: SnapshotSink,
): Promise<void> {
  const subscription = connection.subscribe(inbox);
  const silence = watchSilence(clock, () => subscription.unsubscribe());
  let isWhole = false;
  try {
    const wish = { deliver_subject: inbox, chunk_size: chunkBytes, jsck: true };
    const answer = await ask(connection, `STREAM.SNAPSHOT.${stream}`, wish);
    await sink.begin(headOf(answer, stream));
    for await (const message of subscription) {
      silence.heard();
      const { data, headers } = message;
      if (data.length === 0) {
        const status = headers?.code ?? 0;
        if (status >= 400) throw gaveUp(stream, headers?.description ?? String(status));
        isWhole = true;
        break;
      }
      await sink.piece(data);
      message.respond();
    }
    if (!isWhole) throw gaveUp(stream, `nothing came for ${patienceMs / 1_000} s`);
  } catch (thrown) {
    throw toStreamError(thrown, `cannot back up the stream ${stream}`);
  } finally {
    silence.end();
    subscription.unsubscribe();
  }
}

/** Puts a stream back that is not there; rejects when the server refuses, and then it is not there. */
export async function putBack(
  connection: NatsConnection,
  stream: string,
  head: SnapshotHead,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    const answer = await ask(connection, `STREAM.RESTORE.${stream}`, head);
    const to = answer["deliver_subject"];
    if (typeof to !== "string") throw gaveUp(stream, "the server names no place for it");
    for await (const piece of pieces) await send(connection, to, piece);
    await send(connection, to, new Uint8Array(0));
  } catch (thrown) {
    throw toStreamError(thrown, `cannot restore the stream ${stream}`);
  }
}

async function send(connection: NatsConnection, to: string, piece: Uint8Array): Promise<void> {
  const { data } = await connection.request(to, piece, { timeout: patienceMs });
  if (data.length > 0) refuseErrors(JSON.parse(Buffer.from(data).toString()));
}

async function ask(
  connection: NatsConnection,
  question: string,
  body: object,
): Promise<Readonly<Record<string, unknown>>> {
  const subject = `$JS.API.${question}`;
  const { data } = await connection.request(subject, JSON.stringify(body), { timeout: patienceMs });
  return refuseErrors(JSON.parse(Buffer.from(data).toString()));
}

function refuseErrors(answer: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(answer)) return {};
  const { error } = answer;
  if (!isObject(error)) return answer;
  throw new GatewayError("stream.refused", `the server says: ${String(error["description"])}`);
}

function headOf(answer: Readonly<Record<string, unknown>>, stream: string): SnapshotHead {
  const { config, state } = answer;
  if (isObject(config) && isObject(state)) return { config, state };
  throw gaveUp(stream, "the server does not say what the stream is");
}

function gaveUp(stream: string, why: string): GatewayError {
  return new GatewayError("stream.timeout", `the server gave up on ${stream}: ${why}`);
}

function watchSilence(clock: Clock, onSilent: () => void): { heard(): void; end(): void } {
  let timer = clock.setTimer(patienceMs, onSilent);
  return {
    heard() {
      timer.cancel();
      timer = clock.setTimer(patienceMs, onSilent);
    },
    end: () => timer.cancel(),
  };
}

/** Takes a stream away, with everything in it. */
export async function deleteStream(connection: NatsConnection, stream: string): Promise<void> {
  try {
    await ask(connection, `STREAM.DELETE.${stream}`, {});
  } catch (thrown) {
    throw toStreamError(thrown, `cannot delete the stream ${stream}`);
  }
}
