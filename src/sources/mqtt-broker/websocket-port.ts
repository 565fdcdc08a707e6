/**
 * MQTT over WebSocket (MQTT 3.1.1 §6): binary messages, subprotocol `mqtt`, any path.
 *
 * A page of any web site may open a WebSocket to an address that its reader reaches, loopback too, and
 * browsers then say which site it is: `Origin`. Pages come in from sites that are listed, and no others;
 * programs send none.
 */
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { createWebSocketStream, type WebSocket, WebSocketServer } from "ws";
import { systemCode } from "../../core/system-reason.ts";
import { contextOf } from "../../tls/server-context.ts";
import type { TlsMaterial } from "../../tls/tls-material.ts";
import type { ClientSocket } from "./client-socket.ts";
import { handshakeMs, type Port, type PortGuests } from "./port.ts";
import { certifiedName, tellOfHandshakes, tlsOptionsOf } from "./tls-door.ts";

export interface WebSocketOptions {
  /** Web sites whose pages may connect: `https://panel.example`. */
  readonly origins: readonly string[];
  /** Of one message; MQTT packets may be cut at any place. */
  readonly maxMessageBytes: number;
}

const httpOptions = {
  headersTimeout: handshakeMs,
  requestTimeout: handshakeMs,
  connectionsCheckingInterval: handshakeMs / 2,
  maxHeaderSize: 8_192,
} as const;

/** Who is told why the connection ends is read on for so long, unheard, and then cut off. */
const farewell = { closeTimeout: 1_000 } as const;

export function webSocketPort(
  { maxMessageBytes, origins }: WebSocketOptions,
  tls: TlsMaterial | undefined,
  guests: PortGuests,
): Port {
  const sockets = new WebSocketServer({
    ...farewell,
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => ["mqtt", "mqttv3.1"].find((name) => offered.has(name)) ?? false,
  });
  const secure = tls && createSecureServer({ ...httpOptions, ...tlsOptionsOf(tls) });
  const server = secure ?? createServer(httpOptions);
  server.prependListener("connection", (socket) => guests.admit(socket));
  server.on("request", (request, response) => {
    const address = request.socket.remoteAddress;
    guests.refused("no-websocket", { address, limit: "MQTT over WebSocket; this was plain HTTP" });
    response.writeHead(426, { upgrade: "websocket", connection: "close" });
    response.end("this port speaks MQTT over WebSocket\n");
  });
  server.on("upgrade", (request: IncomingMessage, socket, head: Buffer) => {
    const { origin } = request.headers;
    if (origin !== undefined && !origins.includes(origin)) {
      const address = request.socket.remoteAddress;
      const limit = `websocket.origins; a page of ${origin.slice(0, 100)} asked`;
      guests.refused("foreign-origin", { address, limit });
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
      return;
    }
    const tcp = request.socket;
    const certified = tls && tcp instanceof TLSSocket ? certifiedName(tcp, tls) : undefined;
    sockets.handleUpgrade(request, socket, head, (client) =>
      guests.arrived(toClientSocket(client, tcp), certified),
    );
  });
  server.on("clientError", (failure, socket) => {
    const isHttp = systemCode(failure)?.startsWith("HPE_");
    const address = socket instanceof Socket ? socket.remoteAddress : undefined;
    if (isHttp) guests.refused("no-websocket", { address, limit: "HTTP, to begin with" });
    socket.destroy();
  });
  if (secure) tellOfHandshakes(secure, guests);
  return { server, renew: (material) => secure?.setSecureContext(contextOf(material)) };
}

function toClientSocket(client: WebSocket, tcp: Socket): ClientSocket {
  client.on("message", (_, isBinary) => {
    if (!isBinary) stream.destroy(new Error("binary messages of WebSocket"));
  });
  const stream = createWebSocketStream(client, { readableHighWaterMark: 65_536 });
  const socket = Object.assign(stream, {
    remoteAddress: tcp.remoteAddress,
    bytesRead: 0,
    bytesWritten: 0,
  });
  Object.defineProperties(socket, {
    bytesRead: { get: () => tcp.bytesRead },
    bytesWritten: { get: () => tcp.bytesWritten },
  });
  // What goes wrong with the connection ends the stream; nobody else listens.
  socket.on("error", () => {});
  return socket;
}
