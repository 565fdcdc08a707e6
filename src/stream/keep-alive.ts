import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock, Timer } from "../core/clock.ts";

const pingEveryMs = 5_000;
const maxPingsOut = 2;

/**
 * Pings a connection every 5 s and closes it when two pings in a row are unanswered and no message
 * comes either: on a slow link the answer to a ping waits for all that is sent before it. The client's
 * own pings end a dead connection politely: behind everything that is still waiting to be written,
 * which on a stalled link is never.
 */
export function keepAlive(connection: NatsConnection, clock: Clock, onDead: () => void): Timer {
  let out = 0;
  let heardBytes = 0;
  const beat = (): void => {
    if (connection.isClosed()) return;
    const { inBytes } = connection.stats();
    if (inBytes !== heardBytes) out = 0;
    heardBytes = inBytes;
    if (out >= maxPingsOut) {
      onDead();
      void connection.close();
      return;
    }
    out += 1;
    connection.flush().then(
      () => {
        out = 0;
      },
      // The connection ended; whoever waits for its end hears of it.
      () => {},
    );
    timer = clock.setTimer(pingEveryMs, beat);
  };
  let timer = clock.setTimer(pingEveryMs, beat);
  return { cancel: () => timer.cancel() };
}
