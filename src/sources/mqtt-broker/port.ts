/** What all ports have: who arrives there, who is turned away, and how it is closed. */
import type { Server, Socket } from "node:net";
import type { RefusalFacts } from "../../core/refusal.ts";
import type { TlsMaterial } from "../../tls/tls-material.ts";
import type { ClientSocket } from "./client-socket.ts";

/** Why a client got no further than the port; a word, since it labels a metric. */
export type PortRefusal =
  | "plain-on-tls"
  | "no-certificate"
  | "bad-certificate"
  | "certificate-not-trusted"
  | "tls-version"
  | "tls-handshake"
  | "no-websocket"
  | "foreign-origin";

export interface PortGuests {
  /** A connection that was just accepted, before anything was read; false: it is closed at once. */
  admit(socket: Socket): boolean;
  /** A client whose bytes may be read; `certified` is the common name of its certificate. */
  arrived(socket: ClientSocket, certified: string | undefined): void;
  refused(reason: PortRefusal, facts: RefusalFacts): void;
}

/** One port of the broker, not yet open. */
export interface Port {
  /** What listens; connections are counted in from its `connection` event on. */
  readonly server: Server;
  /** Takes new certificates; those who are connected keep theirs. */
  renew(material: TlsMaterial): void;
}

/** Who does not finish what comes before MQTT is closed after this. */
export const handshakeMs = 10_000;
/** Half-open connections of clients without a keep alive are found by the system after this. */
const tcpKeepAliveMs = 60_000;

export const tcpOptions = {
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: tcpKeepAliveMs,
} as const;
