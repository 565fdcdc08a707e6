/** Certificate and key of somebody who waits for others: read, and checked. */
import { createSecureContext } from "node:tls";
import type { Disk } from "../core/disk.ts";
import type { Fault } from "../core/fault.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { readWhole } from "../core/whole-file.ts";

/** Where the files are. */
export interface TlsPaths {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | undefined;
}

/** What they hold, fit for `node:tls`. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Whose certificates others must show; undefined: nobody is asked for one. */
  readonly ca?: Buffer | undefined;
}

/** More is no certificate. */
const mostBytes = 1_048_576;

/** What OpenSSL's words mean for whoever made the files. */
const meanings: Readonly<Record<string, string>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: "the key is not that of the certificate",
  ERR_OSSL_PEM_NO_START_LINE: "there is no PEM in it: -----BEGIN ...-----",
  ERR_OSSL_PEM_BAD_BASE64_DECODE: "its PEM is damaged",
  ERR_MISSING_PASSPHRASE: "the key has a passphrase; store it without one, readable by us only",
  ERR_OSSL_EE_KEY_TOO_SMALL: "the key is too short; make one of 2048 bits or more",
};

/** Reads them again; rejects with the system's error. */
export async function readTls(disk: Disk, paths: TlsPaths): Promise<TlsMaterial> {
  const [cert, key, ca] = await Promise.all([
    readWhole(disk, paths.cert, mostBytes),
    readWhole(disk, paths.key, mostBytes),
    paths.clientCa === undefined ? undefined : readWhole(disk, paths.clientCa, mostBytes),
  ]);
  return { cert, key, ca };
}

/** Why they are of no use; the path begins at `tls`. */
export function faultOf({ ca, cert, key }: TlsMaterial): Fault | undefined {
  return (
    problemOf("cert", { cert }) ??
    problemOf("key", { key }) ??
    problemOf("key", { cert, key }) ??
    (ca && problemOf("client_ca", { cert: ca }))
  );
}

/** Why parts of it are of no use, as a fault of `tls.<field>`. */
export function problemOf(
  field: string,
  parts: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer },
): Fault | undefined {
  try {
    createSecureContext(parts);
    return undefined;
  } catch (thrown) {
    const reason = meanings[systemCode(thrown) ?? ""] ?? systemReason(thrown);
    return { code: "config.bad-certificate", path: [field], message: reason };
  }
}
