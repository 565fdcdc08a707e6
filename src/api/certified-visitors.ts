/** A door where visitors show certificates: who has none of the CA, or one of nobody's, gets no further. */
import type { Server } from "node:https";
import type { TLSSocket } from "node:tls";
import type { Logger } from "../core/logger.ts";

/** So many are told of one by one; scanners are many. */
const mostTold = 100;

export interface CertifiedVisitors {
  /** Whether the common name of a certificate is that of a user or a token. */
  readonly isKnown: (name: string) => boolean;
  readonly logger: Logger;
}

/** Watches the door of a server that asks for certificates. */
export function checkVisitors(server: Server, { isKnown, logger }: CertifiedVisitors): void {
  let told = 0;
  const refuse = (socket: TLSSocket, reason: string): void => {
    const address = socket.remoteAddress;
    if (told < mostTold) logger.warn("a visitor of the console was refused", { address, reason });
    told += 1;
    socket.destroy();
  };
  server.on("tlsClientError", (failure, socket) => {
    const { authorizationError } = socket;
    refuse(socket, authorizationError ? String(authorizationError) : failure.message);
  });
  server.on("secureConnection", (socket) => {
    const name: unknown = socket.getPeerCertificate().subject?.CN;
    if (typeof name === "string" && isKnown(name)) return;
    refuse(socket, `its certificate is of ${String(name)}, who is no user and no token here`);
  });
}
