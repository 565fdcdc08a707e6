import { GatewayError } from "../../core/errors.ts";
import { systemReason } from "../../core/system-reason.ts";
import type { SourceSurroundings } from "../source-kind.ts";
import type { MqttClientOptions } from "./options.ts";

/** Where they are, as the options say it. */
type Places = Pick<MqttClientOptions, "password"> &
  Pick<NonNullable<MqttClientOptions["tls"]>, "ca" | "cert" | "key">;

export interface Credentials {
  readonly password: string | undefined;
  readonly ca: Uint8Array | undefined;
  readonly cert: Uint8Array | undefined;
  readonly key: Uint8Array | undefined;
}

/** Reads them; rejects with `config.secret-missing`, or `config.unreadable` for a file of TLS. */
export async function readCredentials(
  { ca, cert, key, password }: { readonly [K in keyof Places]?: Places[K] | undefined },
  { readFile, readSecret }: Pick<SourceSurroundings, "readFile" | "readSecret">,
): Promise<Credentials> {
  const read = async (field: string, path: string | undefined): Promise<Uint8Array | undefined> => {
    if (path === undefined) return undefined;
    return readFile(path).catch((failure: unknown) => {
      const message = `cannot read tls.${field} in ${path}: ${systemReason(failure)}`;
      throw new GatewayError("config.unreadable", message, { cause: failure });
    });
  };
  return {
    password: password && (await readSecret(password)).reveal(),
    ca: await read("ca", ca),
    cert: await read("cert", cert),
    key: await read("key", key),
  };
}
