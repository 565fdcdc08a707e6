import { createConnection, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect, createSecureContext } from "node:tls";
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
  /** Ends it at once; what the system still holds is thrown away, and does not arrive later. */
  cut(): void;
}

/** One message of a WebSocket; a packet of MQTT may be cut anywhere. */
const mostMessageBytes = 16 * 2 ** 20;
const openWithinMs = 15_000;

/** Begins to connect; throws for certificates that are none. All else is told by the socket. */
export function dial(url: BrokerUrl, tls: TlsFacts): Dialed {
  const { host, port, scheme } = url;
  // Where it throws, nothing is dialed yet.
  const secure = scheme === "mqtts" || scheme === "wss" ? tlsOptions(host, tls) : undefined;
  if (scheme === "ws" || scheme === "wss") return dialWebSocket(url, secure ?? {});
  const wire = createConnection({ host, port, noDelay: true });
  const cut = (): void => void wire.resetAndDestroy();
  if (secure === undefined)
    return { socket: wire, onReady: (ready) => wire.once("connect", ready), cut };
  const socket = connect({ socket: wire, ...secure });
  return { socket, onReady: (ready) => socket.once("secureConnect", ready), cut };
}

function tlsOptions(host: string, { ca, cert, key, serverName, verify }: TlsFacts) {
  const name = serverName ?? host;
  return {
    secureContext: createSecureContext({ ca, cert, key }),
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
  // Its socket is the package's own; what the system holds of it is out of reach.
  const cut = (): void => void socket.destroy();
  return { socket, onReady: (ready) => client.once("open", ready), cut };
}
