import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { AlertTransition } from "../../src/core/alert.ts";
import { alertsStream } from "../../src/core/subject.ts";
import { parseTransition } from "../../src/stream/parse-transition.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";

/** Every transition that is stored, in the order of the stream. */
export async function storedTransitions(connection: NatsConnection): Promise<AlertTransition[]> {
  const transitions: AlertTransition[] = [];
  await readWholeStream(connection, alertsStream, ({ body }) => {
    const transition = parseTransition(body);
    if (transition) transitions.push(transition);
  });
  return transitions;
}

/** How many messages the stream has, 0 while there is none. */
export async function countTransitions(connection: NatsConnection): Promise<number> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const info = await manager.streams.info(alertsStream).catch(() => undefined);
  return info?.state.messages ?? 0;
}
