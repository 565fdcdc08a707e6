/** Transitions in their stream, without a consumer that follows it. */
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import { type SiteId, type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { alertSubject, alertsStream } from "../core/subject.ts";
import type { StoredTransition } from "./alert-log.ts";
import type { ReadTransition } from "./alert-reader.ts";
import { ensureStream } from "./ensure-stream.ts";
import { wherever } from "./former-alert-subject.ts";
import { getNextOfEither } from "./former-alerts.ts";
import { getMessage, type StoredMessage } from "./message-get.ts";
import type { BackboneOptions } from "./options.ts";
import { parseStoredTransition } from "./parse-transition.ts";
import { readMatching } from "./read-subject.ts";
import { readWholeStream } from "./read-whole-stream.ts";
import { alertsStreamContract } from "./stream-contract.ts";

/** A transition as it stands in the stream. */
export interface HeldTransition extends StoredTransition {
  /** When the server stored it, by the server's clock. */
  readonly storedMs: EpochMs;
}

/**
 * The first transition of an instance at `from` or behind it; undefined when the stream holds none.
 * What is no transition is passed over. Where nobody knows the site, finding it takes longer.
 */
export async function readNextTransition(
  connection: NatsConnection,
  instance: string,
  site: SiteId | undefined,
  from: StreamSeq,
): Promise<HeldTransition | undefined> {
  // Who asks mostly knows the place, and one question is enough.
  const here = await getMessage(connection, alertsStream, from);
  const held = here && parseHeld(here);
  if (held?.transition.instance === instance) return held;
  const subject = site === undefined ? wherever(instance) : alertSubject(site, instance);
  for (let seq = from; ; ) {
    const message = await getNextOfEither(connection, subject, instance, seq);
    if (!message) return undefined;
    const next = parseHeld(message);
    if (next) return next;
    seq = toStreamSeq(message.streamSeq + 1);
  }
}

function parseHeld(message: StoredMessage): HeldTransition | undefined {
  const { body, natsSubject, storedMs, streamSeq } = message;
  const transition = parseStoredTransition(natsSubject, body);
  return transition && { transition, streamSeq, storedMs };
}

/** Gives the transitions under one subject that the stream holds now, in its order. */
export async function readTransitions(
  connection: NatsConnection,
  natsSubjectFilter: string,
  onTransition: (read: StoredTransition) => void,
): Promise<void> {
  const from = toStreamSeq(1);
  await readMatching(connection, alertsStream, { from, natsSubjectFilter }, (message) => {
    const transition = parseStoredTransition(message.subject, message.data);
    if (transition) onTransition({ transition, streamSeq: toStreamSeq(message.seq) });
    return true;
  });
}

/**
 * Gives every transition that the stream holds now, in its order and each once. Makes the stream
 * where it is missing. Rejects when the connection ends before all were given.
 */
export async function readAlerts(
  connection: NatsConnection,
  options: BackboneOptions,
  onTransition: (read: ReadTransition) => void,
): Promise<void> {
  const { created } = await ensureStream(connection, alertsStreamContract(options));
  await readWholeStream(connection, alertsStream, ({ body, natsSubject, streamSeq: seq }) => {
    const transition = parseStoredTransition(natsSubject, body);
    if (!transition) return;
    const streamSeq = toStreamSeq(seq);
    onTransition({ transition, streamSeq, mark: { created, streamSeq, id: transition.id } });
  });
}
