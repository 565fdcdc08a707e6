/** Events in the stream of a gateway, with the ids and subjects that a gateway gives them. */
import { headers, type NatsConnection } from "@nats-io/transport-node";
import type { GatewayEvent } from "../../src/core/event.ts";
import { eventIdOf, toRunId, toSeq } from "../../src/core/ids.ts";
import { eventSubject } from "../../src/core/subject.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { origin } from "../support/gateway-stream.ts";

/** Publishes that may be unanswered. */
const window = 1_000;
const run = toRunId("bench000");

/** Stores them in their order as records `firstSeq` and so on; resolves when the last one is stored. */
export function fillStream(
  connection: NatsConnection,
  events: Iterable<GatewayEvent>,
  firstSeq = 1,
): Promise<void> {
  const encode = createEventEncoder(origin);
  const rest = events[Symbol.iterator]();
  const reply = `_INBOX.fill.${firstSeq}`;
  return new Promise((resolve, reject) => {
    let sent = 0;
    let stored = 0;
    let next = rest.next();
    const publishMore = (): void => {
      for (; !next.done && sent - stored < window; sent += 1, next = rest.next()) {
        const { device, kind } = next.value;
        const id = eventIdOf(origin.gateway, run, toSeq(firstSeq + sent));
        const carried = headers();
        carried.set("Ce-Id", id);
        connection.publish(eventSubject({ ...origin, device, kind }), encode(next.value, id), {
          reply,
          headers: carried,
        });
      }
      if (next.done && sent === stored) {
        answers.unsubscribe();
        resolve();
      }
    };
    const answers = connection.subscribe(reply, {
      callback: (failure) => {
        if (failure) reject(failure);
        stored += 1;
        if (sent - stored <= window / 2 || next.done) publishMore();
      },
    });
    publishMore();
  });
}
