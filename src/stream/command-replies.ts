/** What became of commands, as their gateway's stream tells it. */

import type { NatsConnection } from "@nats-io/transport-node";
import { type Clock, type EpochMs, sleep } from "../core/clock.ts";
import type { CommandReply } from "../core/command.ts";
import type { Origin } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { type DeviceId, type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { eventSubject, gatewayStream, kindSubjects } from "../core/subject.ts";
import type { FollowedMessage } from "./follow-stream.ts";
import { followStream } from "./follow-stream.ts";
import { readStreamFacts } from "./message-get.ts";
import { readMatching } from "./read-subject.ts";

const silenceMs = 2_000;
const lookAgainMs = 1_000;
const messagesInFlight = 200;

/** Whose replies: of a gateway, or of one device of it. */
export interface ReplyScope extends Origin {
  readonly device?: DeviceId | undefined;
}

/** One step of a command, as it stands in the stream of its gateway. */
export interface StoredReply {
  readonly reply: CommandReply;
  readonly device: DeviceId;
  /** When the gateway took the step, in its time. */
  readonly timeMs: EpochMs;
  readonly streamSeq: StreamSeq;
  /** When the server stored it, by the server's clock. */
  readonly storedMs: EpochMs;
}

/**
 * Gives steps as they are stored, from a place or a server's time on, until the signal; waits for a
 * gateway that has no stream yet. No step is stored before its command is, so what followed a command
 * begins where the command was stored. A step may come twice, where a gateway had to store it again;
 * its number tells. Throws `stream.unavailable` once the connection is gone.
 */
export async function* followReplies(
  connection: NatsConnection,
  scope: ReplyScope,
  from: StreamSeq | { readonly storedMs: EpochMs },
  signal: AbortSignal,
  clock: Clock,
): AsyncGenerator<StoredReply, void> {
  const stream = gatewayStream(scope.gateway);
  while (!(await readStreamFacts(connection, stream))) {
    await sleep(clock, lookAgainMs, signal);
    if (signal.aborted) return;
  }
  const options = { from, natsSubjectFilter: filterOf(scope), messagesInFlight };
  const followed = await followStream(connection, stream, options, clock);
  try {
    while (!signal.aborted)
      for (const message of await followed.next(silenceMs, signal)) {
        const reply = readReply(message, stream);
        if (reply) yield reply;
      }
  } finally {
    await followed.close();
  }
}

/** Gives the steps that the stream holds now, stored at `sinceMs` or later, in its order. */
export async function readReplies(
  connection: NatsConnection,
  scope: ReplyScope,
  sinceMs: EpochMs,
  onReply: (reply: StoredReply) => void,
): Promise<void> {
  const stream = gatewayStream(scope.gateway);
  if (!(await readStreamFacts(connection, stream))) return;
  const matching = { from: { storedMs: sinceMs }, natsSubjectFilter: filterOf(scope) };
  await readMatching(connection, stream, matching, (message) => {
    const reply = readReply(message, stream);
    if (reply) onReply(reply);
    return true;
  });
}

/** The steps of one command that the stream holds now, each once and in order. */
export async function repliesOf(
  connection: NatsConnection,
  scope: ReplyScope,
  id: string,
  sinceMs: EpochMs,
): Promise<readonly StoredReply[]> {
  const steps = new Map<number, StoredReply>();
  await readReplies(connection, scope, sinceMs, (stored) => {
    const { command, step } = stored.reply;
    if (command === id && !steps.has(step)) steps.set(step, stored);
  });
  return [...steps.values()].sort((one, other) => one.reply.step - other.reply.step);
}

function filterOf({ device, gateway, site }: ReplyScope): string {
  return device === undefined
    ? kindSubjects(site, gateway, "reply")
    : eventSubject({ site, gateway, device, kind: "reply" });
}

/** Undefined for what is no reply under its own subject. */
function readReply(message: FollowedMessage, stream: string): StoredReply | undefined {
  const event = decodeEvent(message.string());
  if (isMalformed(event) || event.kind !== "reply" || event.device === null) return undefined;
  const { data: reply, device, kind, origin, timeMs } = event;
  if (gatewayStream(origin.gateway) !== stream) return undefined;
  if (eventSubject({ ...origin, device, kind }) !== message.subject) return undefined;
  const storedMs = message.time.getTime();
  return { reply, device, timeMs, streamSeq: toStreamSeq(message.seq), storedMs };
}
