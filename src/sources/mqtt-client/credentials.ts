/** What a broker is shown, and by what it is believed: checked at the start, read at each connect. */
import type { Disk } from "../../core/disk.ts";
import { GatewayError } from "../../core/errors.ts";
import { systemReason } from "../../core/system-reason.ts";
import { readWhole } from "../../core/whole-file.ts";
import { type ClientTlsParts, type ClientTlsPaths, faultOfClient } from "../../tls/client-tls.ts";
import type { EntryReading, SourceSurroundings } from "../source-kind.ts";
import type { MqttClientOptions } from "./options.ts";

/** More is no certificate. */
const mostBytes = 1_048_576;

/** Reads the files that an entry names, and checks them; faults are reported. Undefined for any. */
export async function loadTlsPaths(
  { ca, cert, key }: NonNullable<MqttClientOptions["tls"]>,
  reading: EntryReading,
): Promise<ClientTlsPaths | undefined> {
  const of = (field: string, path: string | undefined) =>
    path === undefined ? undefined : reading.bytes(["tls", field], path);
  const files = { ca: await of("ca", ca), cert: await of("cert", cert), key: await of("key", key) };
  if ((ca && !files.ca) || (cert && !files.cert) || (key && !files.key)) return undefined;
  const fault = faultOfClient({
    ca: files.ca?.bytes,
    cert: files.cert?.bytes,
    key: files.key?.bytes,
  });
  if (fault) {
    reading.report({ ...fault, path: ["tls", ...fault.path] });
    return undefined;
  }
  return { ca: files.ca?.path, cert: files.cert?.path, key: files.key?.path };
}

/** Reads the files again; rejects with `config.unreadable`. */
export async function readTlsParts(
  { ca, cert, key }: ClientTlsPaths,
  { disk }: { readonly disk: Disk },
): Promise<ClientTlsParts> {
  const read = (field: string, path: string | undefined): Promise<Buffer> | undefined =>
    path === undefined
      ? undefined
      : readWhole(disk, path, mostBytes).catch((failure: unknown) => {
          const message = `cannot read tls.${field} in ${path}: ${systemReason(failure)}`;
          throw new GatewayError("config.unreadable", message, { cause: failure });
        });
  return { ca: await read("ca", ca), cert: await read("cert", cert), key: await read("key", key) };
}

/** The password, where there is one; rejects with `config.secret-missing`. */
export async function readPassword(
  { password }: Pick<MqttClientOptions, "password">,
  { readSecret }: Pick<SourceSurroundings, "readSecret">,
): Promise<string | undefined> {
  return password && (await readSecret(password)).reveal();
}
