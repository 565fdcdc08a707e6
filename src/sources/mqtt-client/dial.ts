import { createConnection, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import { createWebSocketStream, WebSocket } from "ws";
import type { ClientTlsParts } from "../../tls/client-tls.ts";
import type { BrokerUrl } from "./broker-url.ts";

/** What TLS is spoken with. */
export interface TlsFacts extends ClientTlsParts {
  readonly serverName: string | undefined;
  readonly verify: boolean;
}

export interface Dialed {
  readonly socket: Duplex;
  /** Calls back once, when the broker can be spoken to; not where it never can. */
  onReady(ready: () => void): void;
}

/** One message of a WebSocket; a packet of MQTT may be cut anywhere. */
const mostMessageBytes = 16 * 2 ** 20;
const openWithinMs = 15_000;

/** Begins to connect; throws for certificates that are none. All else is told by the socket. */
export function dial(url: BrokerUrl, tls: TlsFacts): Dialed {
  const { host, port, scheme } = url;
  if (scheme === "mqtt") {
    const socket = createConnection({ host, port, noDelay: true });
    return { socket, onReady: (ready) => socket.once("connect", ready) };
  }
  if (scheme !== "mqtts") return dialWebSocket(url, scheme === "wss" ? tlsOptions(host, tls) : {});
  const socket = connect({ host, port, ...tlsOptions(host, tls) });
  socket.setNoDelay();
  return { socket, onReady: (ready) => socket.once("secureConnect", ready) };
}

function tlsOptions(host: string, { ca, cert, key, serverName, verify }: TlsFacts) {
  const name = serverName ?? host;
  return {
    ca,
    cert,
    key,
    // An address is no name that can be asked for (RFC 6066 §3); the certificate is held against it all the same.
    ...(isIP(name) === 0 && { servername: name }),
    rejectUnauthorized: verify,
  };
}

/** MQTT 3.1.1 and 5, §6. */
function dialWebSocket({ text }: BrokerUrl, options: object): Dialed {
  const client = new WebSocket(text, "mqtt", {
    ...options,
    handshakeTimeout: openWithinMs,
    maxPayload: mostMessageBytes,
    perMessageDeflate: false,
  });
  const socket = createWebSocketStream(client);
  return { socket, onReady: (ready) => client.once("open", ready) };
}
