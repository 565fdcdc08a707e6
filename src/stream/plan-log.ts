/**
 * The stream of runs of plans: one subject a run, one message a change, and the last one is how the run
 * is. Every change names the one that it follows, so of two writers one is refused.
 */
import { DeliverPolicy, jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import { fnv1a64 } from "../core/fnv1a.ts";
import { type SiteId, type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { allPlans, planSubject, plansStream } from "../core/subject.ts";
import { appendBehind } from "./append-behind.ts";
import { getLastMessage } from "./message-get.ts";
import { toStreamError } from "./stream-error.ts";

/** The client waits for ever for a stream that somebody removed, unless it is told not to. */
const consuming = { max_messages: 200, expires: 2_000, abort_on_missing_resource: true };

/** Which run. */
export interface RunPlace {
  readonly site: SiteId;
  /** One plain token. */
  readonly run: string;
}

/** A change of a run as it stands in the stream. */
export interface PlanMessage {
  readonly natsSubject: string;
  readonly streamSeq: StreamSeq;
  readonly body: Uint8Array;
}

/**
 * Appends a change behind `after`, the last one of its run, 0 for the first; undefined when the last
 * one is another. After a failure it may have been stored.
 */
export async function appendChange(
  connection: NatsConnection,
  { run, site }: RunPlace,
  body: string,
  after: number,
): Promise<StreamSeq | undefined> {
  try {
    const natsSubject = planSubject(site, run);
    const id = fnv1a64(`${natsSubject} ${after} ${body}`);
    const change = { stream: plansStream, natsSubject, body, after, id };
    return (await appendBehind(connection, change))?.streamSeq;
  } catch (thrown) {
    throw toStreamError(thrown, `cannot append to run ${run}`);
  }
}

/** The last change of a run; undefined when there is none. */
export function readLastChange(
  connection: NatsConnection,
  { run, site }: RunPlace,
): Promise<PlanMessage | undefined> {
  return getLastMessage(connection, plansStream, planSubject(site, run));
}

/**
 * Gives the last change of every run, in the order of the stream; while others append, one may come
 * again. Rejects when the connection ends before all were given.
 */
export async function readLastChanges(
  connection: NatsConnection,
  onChange: (message: PlanMessage) => void,
): Promise<void> {
  let pending: number;
  try {
    const consumer = await jetstream(connection).consumers.get(plansStream, {
      deliver_policy: DeliverPolicy.LastPerSubject,
      filter_subjects: allPlans,
    });
    pending = (await consumer.info()).num_pending;
    if (pending > 0)
      for await (const message of await consumer.consume(consuming)) {
        const { data: body, subject: natsSubject } = message;
        onChange({ natsSubject, streamSeq: toStreamSeq(message.seq), body });
        pending = message.info.pending;
        if (pending === 0) break;
      }
    await consumer.delete();
  } catch (thrown) {
    throw toStreamError(thrown, "cannot read the runs of plans");
  }
  if (pending > 0)
    throw new GatewayError(
      "stream.unavailable",
      `reading the runs of plans ended with ${pending} to come; read them again`,
    );
}
