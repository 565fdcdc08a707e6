/**
 * Whether the server of a connection still belongs to its cluster.
 *
 * A server that the others of its cluster no longer reach goes on answering: pings, and questions
 * about streams that it led, from what it had then. It takes no message, and what the others take
 * never comes: whoever reads there would wait for ever and see no fault. What gives it away is the
 * account's own figures, which only the leader of all of JetStream tells.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock, Timer } from "../core/clock.ts";
import { isObject } from "../core/is-object.ts";
import { toStreamError } from "./stream-error.ts";

const askEveryMs = 5_000;
const answerWithinMs = 4_000;
/** An election takes about as long as two of them. */
const maxUnanswered = 4;

/**
 * Asks every 5 s and calls `onCutOff` once, when four in a row had no good answer. Without the right to
 * ask (`$JS.API.INFO`) it stops and calls nothing.
 */
export function watchMember(
  connection: NatsConnection,
  clock: Clock,
  onCutOff: (reason: string) => void,
): Timer {
  let unanswered = 0;
  let stopped = false;
  let timer: Timer | undefined;
  const ask = async (): Promise<void> => {
    const reason = await troubleOf(connection);
    if (stopped || connection.isClosed() || reason === "not allowed") return;
    unanswered = reason === undefined ? 0 : unanswered + 1;
    if (reason !== undefined && unanswered >= maxUnanswered) onCutOff(reason);
    else timer = clock.setTimer(askEveryMs, () => void ask());
  };
  timer = clock.setTimer(askEveryMs, () => void ask());
  return {
    cancel() {
      stopped = true;
      timer?.cancel();
    },
  };
}

/** Undefined when it was answered well. */
async function troubleOf(connection: NatsConnection): Promise<string | undefined> {
  try {
    const message = await connection.request("$JS.API.INFO", "", { timeout: answerWithinMs });
    const answer: unknown = message.json();
    const error = isObject(answer) ? answer["error"] : undefined;
    if (!isObject(error)) return undefined;
    // Switched off for this account: that is no matter of this server.
    return error["code"] === 503 ? String(error["description"]) : undefined;
  } catch (thrown) {
    const { code, message } = toStreamError(thrown, "asked for the figures of the account");
    return code === "stream.unauthorized" ? "not allowed" : message;
  }
}
