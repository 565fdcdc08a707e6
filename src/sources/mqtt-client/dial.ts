import { createConnection, isIP, type Socket } from "node:net";
import { connect } from "node:tls";
import type { BrokerUrl } from "./broker-url.ts";
import type { TlsParts } from "./credentials.ts";

/** What TLS is spoken with. */
export interface TlsFacts extends TlsParts {
  readonly serverName: string | undefined;
  readonly verify: boolean;
}

export interface Dialed {
  readonly socket: Socket;
  /** The event after which the broker can be spoken to. */
  readonly readyEvent: "connect" | "secureConnect";
}

/** Begins to connect; throws for certificates that are none. All else is told by the socket. */
export function dial({ host, port, scheme }: BrokerUrl, tls: TlsFacts): Dialed {
  if (scheme === "mqtt")
    return { socket: createConnection({ host, port, noDelay: true }), readyEvent: "connect" };
  const name = tls.serverName ?? host;
  const socket = connect({
    host,
    port,
    ca: tls.ca,
    cert: tls.cert,
    key: tls.key,
    // An address is no name that can be asked for (RFC 6066 §3); the certificate is held against it all the same.
    ...(isIP(name) === 0 && { servername: name }),
    rejectUnauthorized: tls.verify,
  });
  socket.setNoDelay();
  return { socket, readyEvent: "secureConnect" };
}
