/** MQTT on TCP, with TLS or without. */
import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { contextOf } from "../../tls/server-context.ts";
import type { TlsMaterial } from "../../tls/tls-material.ts";
import { type Port, type PortGuests, tcpOptions } from "./port.ts";
import { certifiedName, tellOfHandshakes, tlsOptionsOf } from "./tls-door.ts";

export function tcpPort(tls: TlsMaterial | undefined, guests: PortGuests): Port {
  if (tls === undefined) {
    const server = createServer(tcpOptions, (socket) => {
      if (guests.admit(socket)) guests.arrived(socket, undefined);
    });
    return { server, renew: () => {} };
  }
  const server = createTlsServer({ ...tcpOptions, ...tlsOptionsOf(tls) }, (socket) =>
    guests.arrived(socket, certifiedName(socket, tls)),
  );
  server.prependListener("connection", (socket) => guests.admit(socket));
  tellOfHandshakes(server, guests);
  return { server, renew: (material) => server.setSecureContext(contextOf(material)) };
}
