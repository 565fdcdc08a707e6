/**
 * What people do about alerts, in the stream of alerts beside the transitions: one subject an instance.
 * Who acts names what was there last, so of two who act at the same moment one is told of the other.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { SiteId } from "../core/ids.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import type { OperatorAction } from "../core/operator-action.ts";
import { alertsStream, allOperatorActions, operatorSubject } from "../core/subject.ts";
import { appendBehind } from "./append-behind.ts";
import { getLastMessage, readStreamFacts } from "./message-get.ts";
import { parseAction } from "./parse-action.ts";
import { readMatching } from "./read-subject.ts";
import { toStreamError } from "./stream-error.ts";

/** An action as it stands in the stream. */
export interface StoredAction {
  readonly action: OperatorAction;
  readonly streamSeq: StreamSeq;
  /** When the server stored it, by the server's clock. */
  readonly storedMs: EpochMs;
}

/** How an append ended: stored now, found to be stored already, or somebody else was faster. */
export type AppendedAction =
  | { readonly outcome: "stored" | "found"; readonly streamSeq: StreamSeq }
  | { readonly outcome: "overtaken" };

/**
 * Appends an action behind `after`, the last one on its instance that its author knew of, 0 for none.
 * The stream has to be there. After a failure it may have been stored, and the same call is simply
 * repeated. Throws `stream.refused` for what no reader would take.
 */
export async function appendAction(
  connection: NatsConnection,
  action: OperatorAction,
  after: number,
): Promise<AppendedAction> {
  const tried = `cannot append ${action.verb} of alert ${action.instance}`;
  const natsSubject = operatorSubject(action.site, action.instance);
  const text = JSON.stringify(action);
  if (!parseAction(natsSubject, new TextEncoder().encode(text)))
    throw new GatewayError("stream.refused", `${tried}: a part of it is missing or too long`);
  try {
    const appended = await appendBehind(connection, {
      stream: alertsStream,
      natsSubject,
      body: text,
      after,
      id: action.id,
    });
    if (appended !== undefined)
      return {
        outcome: appended.isNew ? "stored" : "found",
        streamSeq: appended.streamSeq,
      };
  } catch (thrown) {
    throw toStreamError(thrown, tried);
  }
  const last = await getLastMessage(connection, alertsStream, natsSubject);
  const isOwn = last && parseAction(natsSubject, last.body)?.id === action.id;
  return isOwn ? { outcome: "found", streamSeq: last.streamSeq } : { outcome: "overtaken" };
}

/** Where the last message about an instance stands, whatever it is; 0 where there is none. */
export async function lastActionSeq(
  connection: NatsConnection,
  site: SiteId,
  instance: string,
): Promise<number> {
  const last = await getLastMessage(connection, alertsStream, operatorSubject(site, instance));
  return last?.streamSeq ?? 0;
}

/**
 * Gives the actions that the stream holds now, in its order. One may come twice. What is none is passed
 * over; nothing is in a stream that does not exist. Rejects when the connection ends before the last.
 */
export async function readActions(
  connection: NatsConnection,
  onAction: (stored: StoredAction) => void,
  natsSubjectFilter = allOperatorActions,
): Promise<void> {
  if (!(await readStreamFacts(connection, alertsStream))) return;
  const from = toStreamSeq(1);
  await readMatching(connection, alertsStream, { from, natsSubjectFilter }, (message) => {
    const action = parseAction(message.subject, message.data);
    const streamSeq = toStreamSeq(message.seq);
    if (action) onAction({ action, streamSeq, storedMs: message.time.getTime() });
    return true;
  });
}
