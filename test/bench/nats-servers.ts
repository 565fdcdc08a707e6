/** The nats-servers that this machine has: the one that users get, and the current release beside it. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  findNatsServer,
  type NatsServerProgram,
} from "../../src/nats-server/nats-server-program.ts";

/** Where `deploy/setup.sh` puts the current one. */
const cache = fileURLToPath(new URL("../../.cache/bin", import.meta.url));

/** The one of this system first; a second only where another version is there. */
export function natsServers(env: NodeJS.ProcessEnv): readonly NatsServerProgram[] {
  const usual = findNatsServer(env);
  const path = [
    env["NATS_SERVER_CURRENT_BIN"] ?? "",
    join(cache, "nats-server"),
    join(homedir(), "go/bin/nats-server"),
  ].find((candidate) => candidate !== "" && existsSync(candidate));
  if (path === undefined) return [usual];
  const current = findNatsServer({ ...env, NATS_SERVER_BIN: path });
  return current.version === usual.version ? [usual] : [usual, current];
}
