/**
 * The package answers a CONNECT with a CONNACK of MQTT 3.1.1, since that is what it was given. It
 * writes nothing else before that, so what it writes is taken off and the right one written.
 */
import type { ClientSocket } from "./client-socket.ts";

const connackBytes = 4;

/** Takes effect once. */
export function swapConnack(
  socket: ClientSocket,
  connackFor: (sessionPresent: boolean, returnCode: number) => Buffer,
): void {
  const { write } = socket;
  const came: number[] = [];
  socket.write = (piece: string | Uint8Array): boolean => {
    came.push(...Buffer.from(piece));
    if (came.length < connackBytes) return true;
    socket.write = write;
    return socket.write(connackFor(came[2] === 1, came[3] ?? 0));
  };
}
