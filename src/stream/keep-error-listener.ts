import { EventEmitter } from "node:events";
import type { NatsConnection } from "@nats-io/transport-node";
import { isObject } from "../core/is-object.ts";

const ignore = (): void => {};

/**
 * Keeps a listener for errors on the socket of a connection, until it is gone.
 *
 * The client takes off all its listeners when a connection ends, also while a write is on its way that
 * fails a moment later: what is written to a TLS connection that the server has just ended. An error
 * that nobody listens to ends the process. The client offers no way to its socket, so it is looked for
 * where it is today; where it is no longer there, nothing is done.
 */
export function keepErrorListener(connection: NatsConnection): void {
  const socket = ["protocol", "transport", "socket"].reduce<unknown>(
    (inside, name) => (isObject(inside) ? inside[name] : undefined),
    connection,
  );
  if (!(socket instanceof EventEmitter)) return;
  const removeAll = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (event?: string | symbol) => {
    if (event === undefined) removeAll();
    else removeAll(event);
    return socket.on("error", ignore);
  };
}
