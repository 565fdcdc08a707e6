import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { AlertTransition } from "../core/alert.ts";
import { isObject } from "../core/is-object.ts";
import { notifyLogStream } from "../core/subject.ts";
import { isTransition } from "../core/transition-shape.ts";
import { readWholeStream } from "./read-whole-stream.ts";
import { toStreamError } from "./stream-error.ts";

const outcomes = ["delivered", "failed", "dead-letter"] as const;

/** One try to tell a receiver, or the decision to give up; the body of a message of the log. */
export interface DeliveryAttempt {
  readonly schema: "notify.attempt/1";
  readonly receiver: string;
  /** Id of the transition. */
  readonly transition: string;
  readonly instance: string;
  /** 1, 2, ... */
  readonly attempt: number;
  /** `failed` is tried again, `dead-letter` never. */
  readonly outcome: (typeof outcomes)[number];
  /** For people: what the receiver answered. */
  readonly reason?: string;
  /** Of a dead letter: all that the receiver was to be told, for whoever sends it again. */
  readonly alert?: AlertTransition;
  /** RFC 3339. */
  readonly at: string;
}

/** Appends to the log of delivery attempts. The receiver's name is one plain token. */
export async function recordAttempt(
  connection: NatsConnection,
  attempt: DeliveryAttempt,
): Promise<void> {
  try {
    await jetstream(connection).publish(`notify.${attempt.receiver}`, JSON.stringify(attempt), {
      timeout: 5_000,
      expect: { streamName: notifyLogStream },
    });
  } catch (thrown) {
    throw toStreamError(thrown, `cannot record an attempt of receiver ${attempt.receiver}`);
  }
}

/** Gives every attempt that the log still holds, in its order. */
export async function readAttempts(
  connection: NatsConnection,
  onAttempt: (attempt: DeliveryAttempt) => void,
): Promise<void> {
  await readWholeStream(connection, notifyLogStream, ({ body }) => {
    const attempt = parseAttempt(body);
    if (attempt) onAttempt(attempt);
  });
}

/** Undefined for what is none of ours. */
export function parseAttempt(body: Uint8Array): DeliveryAttempt | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isAttempt(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isAttempt(value: unknown): value is DeliveryAttempt {
  if (!isObject(value) || value["schema"] !== "notify.attempt/1") return false;
  const { alert, at, attempt, instance, outcome, reason, receiver, transition } = value;
  return (
    [at, instance, receiver, transition].every((text) => typeof text === "string") &&
    Number.isSafeInteger(attempt) &&
    outcomes.some((one) => one === outcome) &&
    (reason === undefined || typeof reason === "string") &&
    (alert === undefined || isTransition(alert))
  );
}
