import type { Duplex } from "node:stream";

/** The bytes of a client, whatever carries them: TCP, TLS or WebSocket. */
export interface ClientSocket extends Duplex {
  readonly remoteAddress?: string | undefined;
  /** Both grow with what passed, whatever wraps it. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
}
