/** Why there is no connection, in words that say what to look at. */
import { systemCode } from "../../core/system-reason.ts";
import type { BrokerUrl } from "./broker-url.ts";

/** What is most often wrong where a broker cuts the connection at once. */
export const otherWay = {
  mqtt: "does it want TLS (mqtts://), or another `version`?",
  mqtts: "does it speak TLS on this port?",
  ws: "does it speak MQTT over WebSocket on this port, without TLS?",
  wss: "does it speak MQTT over WebSocket on this port?",
} as const;

/** By the code of the system, or of TLS. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it cut the connection",
  EPIPE: "it cut the connection",
  EHOSTUNREACH: "there is no way to this machine",
  ENETUNREACH: "there is no way to this network",
  ETIMEDOUT: "it did not answer in time",
  ENOTFOUND: "no machine has this name",
  EAI_AGAIN: "the name cannot be looked up now: DNS does not answer",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; is the clock of this machine right?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "nobody known vouches for its certificate; name it in tls.ca",
  SELF_SIGNED_CERT_IN_CHAIN:
    "its certificate is vouched for by a CA that is not known; name it in tls.ca",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "its certificate is vouched for by a CA that is not known; name it in tls.ca",
  UNABLE_TO_GET_ISSUER_CERT:
    "its certificate is vouched for by a CA that is not known; name it in tls.ca",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "its certificate is vouched for by a CA that is not known; name it in tls.ca",
  CERT_SIGNATURE_FAILURE: "its certificate is not the one that tls.ca vouches for",
  CERT_REVOKED: "its certificate was revoked",
  ERR_SSL_WRONG_VERSION_NUMBER:
    "it does not speak TLS on this port; write mqtt://, or its port for TLS",
  ERR_SSL_PACKET_LENGTH_TOO_LONG:
    "it does not speak TLS on this port; write mqtt://, or its port for TLS",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "it wants a certificate; write tls.cert and tls.key",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "it does not know the CA of tls.cert",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "tls.cert has expired",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "it does not take tls.cert",
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    "it has no way to encrypt in common with this machine, or wants a certificate (tls.cert)",
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: "tls.key is not the key of tls.cert",
};

/** `isWelcome`: the broker had let us in. */
export function failureWords(
  thrown: unknown,
  { host, scheme }: BrokerUrl,
  isWelcome = false,
): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // Of an attempt over several addresses of one name only the code says something.
  const code = systemCode(thrown);
  if (code === undefined) return message;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return wrongNameWords(thrown, host);
  if (!isWelcome && (code === "ECONNRESET" || code === "EPIPE"))
    return `it cut the connection before it let us in; ${otherWay[scheme]} (${code})`;
  return words[code] === undefined ? `${message} (${code})` : `${words[code]} (${code})`;
}

function wrongNameWords(thrown: unknown, host: string): string {
  const { host: asked = host, cert }: { host?: unknown; cert?: { subjectaltname?: unknown } } =
    Object(thrown);
  const names = String(cert?.subjectaltname ?? "other names").slice(0, 200);
  return `its certificate is for ${names}, not for ${String(asked)}; write its name in tls.server_name (ERR_TLS_CERT_ALTNAME_INVALID)`;
}

/** What a first byte that no broker sends gives away; undefined for one that may be MQTT. */
export function strangeGreeting(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  // A TLS record: an alert or a handshake, of major version 3 (RFC 8446 §5.1).
  if ((first === 0x15 || first === 0x16) && second === 3)
    return "it answers in TLS; write mqtts:// in url";
  const beginning = Buffer.from(bytes.subarray(0, 5)).toString("latin1");
  if (beginning === "HTTP/") return "it answers in HTTP: this port is not one for MQTT over TCP";
  if (first !== undefined && first >> 4 !== 2)
    return "its first packet is no CONNACK: it may speak something else than MQTT on this port";
  return undefined;
}
