/** Certificates and keys that an entry of `sources` names. */
import { faultOf, type TlsPaths } from "../tls/tls-material.ts";
import type { EntryReading } from "./source-kind.ts";
import type { TlsOption } from "./tls-option.ts";

/**
 * Reads the files that an entry names, and checks that they fit together; faults are reported.
 * Undefined where TLS cannot begin.
 */
export async function loadTls(
  option: TlsOption,
  reading: EntryReading,
): Promise<TlsPaths | undefined> {
  const cert = await reading.bytes(["tls", "cert"], option.cert);
  const key = await reading.bytes(["tls", "key"], option.key);
  const ca =
    option.client_ca === undefined
      ? undefined
      : await reading.bytes(["tls", "client_ca"], option.client_ca);
  if (!cert || !key || (option.client_ca !== undefined && !ca)) return undefined;
  const fault = faultOf({ cert: cert.bytes, key: key.bytes, ca: ca?.bytes });
  if (fault) {
    reading.report({ ...fault, path: ["tls", ...fault.path] });
    return undefined;
  }
  return { cert: cert.path, key: key.path, clientCa: ca?.path };
}
