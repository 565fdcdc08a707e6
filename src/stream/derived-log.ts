/**
 * Appends derived values to their stream, each once, whoever else tries the same: every append names
 * the sequence of its series' last value, so of two writers one is refused and looks at what is there.
 *
 * The values of a series stand in the order in which they came about on its line (`atMs`), which is
 * the same whenever they are computed anew and rises with each. So the last one says of every other whether it is stored.
 */
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import {
  type DerivedValue,
  decodeDerived,
  derivedIdOf,
  encodeDerived,
} from "../core/derived-value.ts";
import { GatewayError } from "../core/errors.ts";
import { toStreamSeq } from "../core/ids.ts";
import { derivedStream, derivedSubject } from "../core/subject.ts";
import { getLastMessage, getMessage } from "./message-get.ts";
import { apiCodeOf, apiCodes, toStreamError } from "./stream-error.ts";

const publishTimeoutMs = 5_000;
/** A head that moves under each of this many attempts is two writers at full speed. */
const maxAttempts = 8;

/** The last stored value of a series. */
export interface DerivedHead {
  readonly atMs: number;
  readonly streamSeq: number;
}

/** A value that is in the stream. */
export interface StoredDerived {
  readonly value: DerivedValue;
  /** Of this value or of a later one of its series. */
  readonly streamSeq: number;
}

/**
 * Appends a value behind `known`, the last one of its series as far as the caller knows. Throws
 * `stream.fenced` when another writer is at work on the series at the same moment, and
 * `stream.unavailable` when what the caller knows is no longer there: then the stream lost its end,
 * and what else it lost goes first. After any other failure the value may have been stored, and the
 * same call is simply repeated.
 */
export async function appendDerived(
  connection: NatsConnection,
  value: DerivedValue,
  known?: DerivedHead,
): Promise<{ readonly head: DerivedHead; readonly stored: boolean }> {
  let head = known ?? (await readDerivedHead(connection, value));
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    if (head && head.atMs >= value.atMs) return { head, stored: false };
    const streamSeq = await publish(connection, value, head?.streamSeq ?? 0);
    if (streamSeq !== undefined) return { head: { atMs: value.atMs, streamSeq }, stored: true };
    const found = await readDerivedHead(connection, value);
    if (known && (!found || found.atMs < known.atMs))
      throw new GatewayError(
        "stream.unavailable",
        `cannot append derived value ${derivedIdOf(value)}: the one before it is gone`,
      );
    head = found;
  }
  throw new GatewayError(
    "stream.fenced",
    `cannot append derived value ${derivedIdOf(value)}: another writer is at work`,
  );
}

/** True when the stream still holds the value where it was stored. */
export async function holdsDerived(
  connection: NatsConnection,
  { streamSeq, value }: StoredDerived,
): Promise<boolean> {
  const message = await getMessage(connection, derivedStream, toStreamSeq(streamSeq));
  const held = message && decodeDerived(new TextDecoder().decode(message.body));
  if (!held || held.atMs < value.atMs) return false;
  return derivedSubject(held) === derivedSubject(value);
}

/** The last stored value of a series; undefined when there is none. */
async function readDerivedHead(
  connection: NatsConnection,
  value: DerivedValue,
): Promise<DerivedHead | undefined> {
  const message = await getLastMessage(connection, derivedStream, derivedSubject(value));
  if (!message) return undefined;
  const { streamSeq } = message;
  const stored = decodeDerived(new TextDecoder().decode(message.body));
  // What is not ours comes before everything that is, and is appended behind.
  return { atMs: stored?.atMs ?? Number.NEGATIVE_INFINITY, streamSeq };
}

/** Undefined when the series' last message is not the expected one. */
async function publish(
  connection: NatsConnection,
  value: DerivedValue,
  expected: number,
): Promise<number | undefined> {
  try {
    const acked = await jetstream(connection).publish(derivedSubject(value), encodeDerived(value), {
      timeout: publishTimeoutMs,
      expect: { streamName: derivedStream, lastSubjectSequence: expected },
    });
    return acked.seq;
  } catch (thrown) {
    if (apiCodeOf(thrown) === apiCodes.wrongLastSequence) return undefined;
    throw toStreamError(thrown, `cannot append derived value ${derivedIdOf(value)}`);
  }
}
