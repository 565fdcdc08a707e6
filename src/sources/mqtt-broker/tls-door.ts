/** What a port with TLS does besides: certificates of clients, and words for those who fail. */
import type { TLSSocket, TlsOptions, Server as TlsServer } from "node:tls";
import { systemCode } from "../../core/system-reason.ts";
import { contextOf } from "../../tls/server-context.ts";
import type { TlsMaterial } from "../../tls/tls-material.ts";
import { handshakeMs, type PortGuests, type PortRefusal } from "./port.ts";

/** For a server that speaks TLS; where there is a CA, who shows nothing of it gets no further. */
export function tlsOptionsOf(material: TlsMaterial): TlsOptions {
  return {
    ...contextOf(material),
    handshakeTimeout: handshakeMs,
    requestCert: material.ca !== undefined,
    rejectUnauthorized: true,
  };
}

/** Tells of handshakes that fail. */
export function tellOfHandshakes(server: TlsServer, guests: PortGuests): void {
  server.on("tlsClientError", (failure: Error, socket: TLSSocket) => {
    const reason = socket.authorizationError ? "bad-certificate" : reasonOf(failure);
    guests.refused(reason, { address: socket.remoteAddress, limit: words[reason] });
    socket.destroy();
  });
}

/** The common name of the certificate that a client showed; undefined where nobody asked for one. */
export function certifiedName(socket: TLSSocket, material: TlsMaterial): string | undefined {
  if (material.ca === undefined) return undefined;
  const { subject } = socket.getPeerCertificate();
  // Where several names stand, none of them is the device's.
  return typeof subject?.CN === "string" ? subject.CN : "";
}

/** By OpenSSL's names, or parts of them. */
const reasons: readonly (readonly [part: string, reason: PortRefusal])[] = [
  ["WRONG_VERSION_NUMBER", "plain-on-tls"],
  ["HTTP_REQUEST", "plain-on-tls"],
  ["PACKET_LENGTH", "plain-on-tls"],
  ["RECORD_TOO_LARGE", "plain-on-tls"],
  ["DID_NOT_RETURN_A_CERTIFICATE", "no-certificate"],
  ["ALERT_UNKNOWN_CA", "certificate-not-trusted"],
  ["ALERT_BAD_CERTIFICATE", "certificate-not-trusted"],
  ["ALERT_CERTIFICATE", "certificate-not-trusted"],
  ["UNSUPPORTED_PROTOCOL", "tls-version"],
  ["VERSION_TOO_LOW", "tls-version"],
];

const words: Readonly<Record<PortRefusal, string>> = {
  "plain-on-tls": "this port speaks TLS, and the client does not",
  "no-certificate": "a certificate of tls.client_ca",
  "bad-certificate": "a certificate of tls.client_ca that is in time",
  "certificate-not-trusted": "the client does not trust tls.cert; give it the CA",
  "tls-version": "TLS 1.2 or newer",
  "tls-handshake": "a TLS handshake within 10 s",
  "no-websocket": "",
  "foreign-origin": "",
};

function reasonOf(failure: Error): PortRefusal {
  const code = systemCode(failure) ?? "";
  return reasons.find(([part]) => code.includes(part))?.[1] ?? "tls-handshake";
}
