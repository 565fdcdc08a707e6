/** A nats-server of today beside that of this system, where the machine has one. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** `sh deploy/setup.sh --current` puts it into `.cache/bin`; `NATS_SERVER_CURRENT_BIN` names another. */
export const currentServer = [
  process.env["NATS_SERVER_CURRENT_BIN"] ?? "",
  fileURLToPath(new URL("../../.cache/bin/nats-server", import.meta.url)),
  join(homedir(), "go/bin/nats-server"),
  "/usr/local/bin/nats-server",
  "/opt/nats-server/nats-server",
].find((path) => path !== "" && existsSync(path));

/** The environment in which that one is found, or the system's where none is meant. */
export function envOf(program: string | undefined): { readonly env?: NodeJS.ProcessEnv } {
  return program === undefined ? {} : { env: { ...process.env, NATS_SERVER_BIN: program } };
}
