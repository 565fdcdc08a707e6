/**
 * Appends alert transitions to their stream, each once, whoever else tries the same.
 *
 * Every append names the sequence of the instance's last transition, so of two writers one is
 * refused. The refused one looks at what is there: where the stored transition is its own or a
 * later one, somebody (perhaps itself, before a restart) was faster, and there is nothing to do.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { type AlertTransition, siteOfAlert } from "../core/alert.ts";
import { GatewayError } from "../core/errors.ts";
import type { SiteId, StreamSeq } from "../core/ids.ts";
import { alertSubject, alertsStream } from "../core/subject.ts";
import { type AppendedBehind, appendBehind } from "./append-behind.ts";
import { formerAlertSubject } from "./former-alert-subject.ts";
import { getLastMessage, getMessage, readStreamFacts } from "./message-get.ts";
import { parseTransition } from "./parse-transition.ts";
import { toStreamError } from "./stream-error.ts";
import { compareOrder, orderOf, type TransitionOrder } from "./transition-order.ts";

/** A head that moves under each of this many attempts is two writers at full speed. */
const maxAttempts = 8;

/** The last stored transition of an instance. */
export interface AlertHead extends TransitionOrder {
  readonly streamSeq: StreamSeq;
  /** Of the last message under the instance's subject, which the next append names; 0 for none. */
  readonly subjectSeq: number;
}

/** A transition that is in the stream. */
export interface StoredTransition {
  readonly transition: AlertTransition;
  /** Of this transition or of a later one of its instance. */
  readonly streamSeq: StreamSeq;
}

/** How an append ended: stored now, or found to be stored already. */
export interface Appended {
  readonly head: AlertHead;
  readonly stored: boolean;
}

/**
 * Appends a transition behind `known`, the last one of its instance as far as the caller knows.
 * Throws `stream.fenced` when another writer is at work on the instance at the same moment, and
 * `stream.unavailable` when what the caller knows is no longer there: then the stream lost its end,
 * and what else it lost goes first. After any other failure the transition may have been stored, and
 * the same call is simply repeated.
 */
export async function appendTransition(
  connection: NatsConnection,
  transition: AlertTransition,
  known: AlertHead | undefined,
): Promise<Appended> {
  const order = orderOf(transition);
  let head = known ?? (await readLast(connection, formerAlertSubject(transition.instance), false));
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    if (head && compareOrder(head, order) >= 0) return { head, stored: false };
    const appended = await publish(connection, transition, head?.subjectSeq ?? 0);
    if (appended?.isNew) {
      const { streamSeq } = appended;
      return { head: { ...order, streamSeq, subjectSeq: streamSeq }, stored: true };
    }
    const found = await readHead(connection, transition);
    if (known && (!found || compareOrder(found, known) < 0))
      throw new GatewayError(
        "stream.unavailable",
        `cannot append alert transition ${transition.id}: the one before it is gone`,
      );
    head = found;
  }
  throw new GatewayError(
    "stream.fenced",
    `cannot append alert transition ${transition.id}: another writer is at work`,
  );
}

/** The last stored transition of an alert's instance; undefined when there is none. */
export async function readHead(
  connection: NatsConnection,
  alert: Pick<AlertTransition, "instance" | "labels">,
): Promise<AlertHead | undefined> {
  const [own, former] = await Promise.all([
    readLast(connection, alertSubject(siteOfAlert(alert), alert.instance), true),
    readLast(connection, formerAlertSubject(alert.instance), false),
  ]);
  if (!own || !former) return own ?? former;
  return compareOrder(own, former) >= 0 ? own : { ...former, subjectSeq: own.subjectSeq };
}

/** The last that is stored of an alert, and what an append right behind it names. */
export async function readLastTransition(
  connection: NatsConnection,
  { instance, site }: { readonly instance: string; readonly site: SiteId },
): Promise<{ readonly transition: AlertTransition | undefined; readonly subjectSeq: number }> {
  const message = await getLastMessage(connection, alertsStream, alertSubject(site, instance));
  return {
    transition: message && parseTransition(message.body),
    subjectSeq: message?.streamSeq ?? 0,
  };
}

/** Appends right behind what was read last; false where somebody else was faster. */
export async function appendRightBehind(
  connection: NatsConnection,
  transition: AlertTransition,
  subjectSeq: number,
): Promise<boolean> {
  return (await publish(connection, transition, subjectSeq)) !== undefined;
}

async function readLast(
  connection: NatsConnection,
  natsSubject: string,
  isOwn: boolean,
): Promise<AlertHead | undefined> {
  const message = await getLastMessage(connection, alertsStream, natsSubject);
  if (!message) return undefined;
  const transition = parseTransition(message.body);
  // What is not ours comes before everything that is, and is appended behind.
  const order = transition ? orderOf(transition) : { startedMs: Number.NEGATIVE_INFINITY, n: 0 };
  const { streamSeq } = message;
  return { ...order, streamSeq, subjectSeq: isOwn ? streamSeq : 0 };
}

/** True when the stream still holds the transition where it was stored. */
export async function holdsTransition(
  connection: NatsConnection,
  { transition, streamSeq }: StoredTransition,
): Promise<boolean> {
  const facts = await readStreamFacts(connection, alertsStream);
  if (!facts || facts.lastSeq < streamSeq) return false;
  const message = await getMessage(connection, alertsStream, streamSeq);
  const held = message && parseTransition(message.body);
  return (
    held?.instance === transition.instance && compareOrder(orderOf(held), orderOf(transition)) >= 0
  );
}

/** Undefined when the instance's last message is not the expected one. */
async function publish(
  connection: NatsConnection,
  transition: AlertTransition,
  expected: number,
): Promise<AppendedBehind | undefined> {
  try {
    return await appendBehind(connection, {
      stream: alertsStream,
      natsSubject: alertSubject(siteOfAlert(transition), transition.instance),
      body: JSON.stringify(transition),
      after: expected,
      id: transition.id,
    });
  } catch (thrown) {
    throw toStreamError(thrown, `cannot append alert transition ${transition.id}`);
  }
}
