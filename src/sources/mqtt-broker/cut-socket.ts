import { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { ClientSocket } from "./client-socket.ts";

/**
 * Ends a connection at once. Over plain TCP what the system still holds for the client is thrown away,
 * and never arrives; behind TLS and WebSocket that is out of reach.
 */
export function cutSocket(socket: ClientSocket): void {
  if (socket instanceof Socket && !(socket instanceof TLSSocket)) socket.resetAndDestroy();
  else socket.destroy();
}
