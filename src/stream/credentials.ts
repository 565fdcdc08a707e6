import { readFile } from "node:fs/promises";
import { type Authenticator, credsAuthenticator, nkeyAuthenticator } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";

/**
 * Reads who we are to the backbone: a `.creds` file (user JWT and seed) or a bare nkey seed. It is
 * read at each connect, so that a renewed file is used without a restart.
 */
export async function readCredentials(file: string): Promise<Authenticator> {
  try {
    const bytes = await readFile(file);
    const text = bytes.toString("utf8");
    if (text.includes("-----BEGIN NATS USER JWT-----")) return credsAuthenticator(bytes);
    return nkeyAuthenticator(new TextEncoder().encode(text.trim()));
  } catch (thrown) {
    throw GatewayError.from(thrown, "stream.unauthorized", `cannot read credentials ${file}`);
  }
}
