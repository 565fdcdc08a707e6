/** How a server is spoken to in secret: what we show it, and by what we believe it. */
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import type { TlsOptions } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { faultOfClient } from "../tls/client-tls.ts";
import type { BackboneOptions } from "./options.ts";

type TlsFiles = NonNullable<BackboneOptions["tls"]>;

/** What the client hands on to `node:tls`, beside what it knows itself. */
interface ServerTls extends TlsOptions {
  readonly servername?: string;
  readonly host?: string;
  readonly minVersion: "TLSv1.2";
}

/**
 * Reads the files as they are now, so that a renewed certificate is shown from the next connection
 * on. Rejects with `stream.unauthorized` for files that are of no use: nothing gets lost meanwhile,
 * and they are looked at again.
 */
export async function readServerTls(files: TlsFiles): Promise<ServerTls> {
  const read = async (field: "ca" | "cert" | "key"): Promise<Buffer | undefined> => {
    const path = files[field];
    if (path === undefined) return undefined;
    return readFile(path).catch((failure: unknown) => {
      throw unusable(field, `cannot read ${path}: ${systemReason(failure)}`, failure);
    });
  };
  const parts = { ca: await read("ca"), cert: await read("cert"), key: await read("key") };
  const fault = faultOfClient(parts);
  if (fault) throw unusable(fault.path.join("."), fault.message);
  const { ca, cert, key } = parts;
  return {
    minVersion: "TLSv1.2",
    ...(ca && { ca: ca.toString() }),
    ...(cert && key && { cert: cert.toString(), key: key.toString() }),
    ...(files.server_name !== undefined && { servername: files.server_name }),
  };
}

/** The address that the certificate has to name; nothing for a name, which the client knows itself. */
export function addressToVerify(server: string): Pick<ServerTls, "host"> {
  const { hostname } = new URL(server.includes("://") ? server : `nats://${server}`);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(host) === 0 ? {} : { host };
}

/** What a handshake that failed means, and what to do about it. */
export interface HandshakeTrouble {
  /** `stream.unauthorized` where it is our certificate that is refused. */
  readonly code: "stream.unauthorized" | "stream.unavailable";
  readonly reason: string;
}

/** By the codes of OpenSSL and Node: what is wrong with the server, and what it says of us. */
const ofServer: readonly (readonly [code: RegExp, reason: string])[] = [
  [
    /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)/,
    "its certificate is of an authority that is not trusted here; name its CA in backbone.tls.ca",
  ],
  [/CERT_HAS_EXPIRED/, "its certificate is over; renew it there, or set the clock here"],
  [/CERT_NOT_YET_VALID/, "its certificate is not valid yet; is the clock here right?"],
  [
    /ALTNAME_INVALID/,
    "its certificate is of another name; say which in backbone.tls.server_name, or sign one for this host",
  ],
  [/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW/, "it speaks no TLS 1.2 or newer"],
];
const refusesUs =
  /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|DECRYPT_ERROR)|CERTIFICATE_REQUIRED/;

/** Undefined where no handshake failed. */
export function handshakeTrouble(thrown: unknown): HandshakeTrouble | undefined {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    const code = systemCode(at) ?? "";
    const found = ofServer.find(([pattern]) => pattern.test(code));
    if (found) return { code: "stream.unavailable", reason: found[1] };
    if (refusesUs.test(code))
      return {
        code: "stream.unauthorized",
        reason:
          "it takes no certificate but those of its CA that are in time; name ours in " +
          "backbone.tls.cert and key, or renew it",
      };
  }
  return undefined;
}

function unusable(field: string, message: string, cause?: unknown): GatewayError {
  return new GatewayError("stream.unauthorized", `backbone.tls.${field}: ${message}`, { cause });
}
