/**
 * Alerts of the first version stand under `alert.c.<instance>`, without partition and site. Nothing is
 * appended there any more. What stands there counts as the last word of its instance until a later
 * one has its own subject, and is read like everything else.
 *
 * Needed for as long as a stream may hold such messages, which is 400 days after the last program of
 * that version ran. Then this file and `former-alert-subject.ts` go, and with them `AlertHead.subjectSeq`.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { type AlertTransition, siteOfAlert } from "../core/alert.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { alertsStream, partitionAlerts, partitionOf } from "../core/subject.ts";
import { readAlertHeads } from "./alert-heads.ts";
import type { AlertMark } from "./alert-reader.ts";
import { allFormerAlerts, formerAlertSubject, wherever } from "./former-alert-subject.ts";
import { getMessage, getNextMessage, type StoredMessage } from "./message-get.ts";
import { parseTransition } from "./parse-transition.ts";
import { compareOrder, orderOf } from "./transition-order.ts";

/**
 * Gives the last stored transition of every instance of a partition, under whichever subject the
 * later one stands; else as `readAlertHeads`.
 */
export async function readPartitionHeads(
  connection: NatsConnection,
  partition: number,
  onHead: (transition: AlertTransition) => void,
): Promise<void> {
  const former = new Map<string, AlertTransition>();
  await readAlertHeads(connection, allFormerAlerts, (head) => {
    if (partitionOf(siteOfAlert(head)) === partition) former.set(head.instance, head);
  });
  await readAlertHeads(connection, partitionAlerts(partition), (head) => {
    const other = former.get(head.instance);
    if (!other || compareOrder(orderOf(head), orderOf(other)) >= 0) {
      former.delete(head.instance);
      onHead(head);
    }
  });
  for (const head of former.values()) onHead(head);
}

/**
 * The first message of an instance at `from` or behind it, under either subject. `subject` is that
 * of today, also as a filter where the instance's site is not known.
 */
export async function getNextOfEither(
  connection: NatsConnection,
  subject: string,
  instance: string,
  from: StreamSeq,
): Promise<StoredMessage | undefined> {
  const [own, former] = await Promise.all([
    getNextMessage(connection, alertsStream, subject, from),
    getNextMessage(connection, alertsStream, formerAlertSubject(instance), from),
  ]);
  if (!own || !former) return own ?? former;
  return own.streamSeq < former.streamSeq ? own : former;
}

/**
 * Where to read on behind `mark`, which a notifier of the first version left. That one was handed
 * what stands under today's subjects, but could not read it again when its turn came, and took it for
 * gone. So it is read from the first such message on, where that is not behind the mark. Null for the
 * beginning of the stream.
 */
export async function markBeforeMissed(
  connection: NatsConnection,
  mark: AlertMark,
): Promise<AlertMark | null> {
  const first = await getNextMessage(connection, alertsStream, wherever("*"), toStreamSeq(1));
  if (!first || first.streamSeq > mark.streamSeq) return mark;
  const streamSeq = toStreamSeq(first.streamSeq - 1);
  const before = streamSeq > 0 && (await getMessage(connection, alertsStream, streamSeq));
  const transition = before && parseTransition(before.body);
  return transition ? { ...mark, streamSeq, id: transition.id } : null;
}
