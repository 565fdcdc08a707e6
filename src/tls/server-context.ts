import type { SecureContextOptions } from "node:tls";
import type { TlsMaterial } from "./tls-material.ts";

const list = /-----BEGIN X509 CRL-----[\s\S]*?-----END X509 CRL-----/g;

/**
 * What may be renewed while a server runs. Lists of revoked certificates stand in the file of the CA;
 * where there is one, each authority of a chain must have its own.
 */
export function contextOf({ ca, cert, key }: TlsMaterial) {
  const crl = ca?.toString("latin1").match(list);
  return {
    ...{ cert, key, minVersion: "TLSv1.2" },
    ...(ca && { ca, ...(crl && { crl: [...crl] }) }),
  } as const satisfies SecureContextOptions;
}
