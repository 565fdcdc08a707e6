/** The nats-servers that this machine has: the one that users get, and the current release beside it. */
import {
  findNatsServer,
  type NatsServerProgram,
} from "../../src/nats-server/nats-server-program.ts";
import { currentServer, envOf } from "../support/current-nats-server.ts";

/** The first that can take batches. */
const [batchMajor, batchMinor] = [2, 14] as const;

/** The one of this system first; a second only where another version is there. */
export function natsServers(): readonly NatsServerProgram[] {
  const usual = findNatsServer(process.env);
  const current = findNatsServer(envOf(currentServer).env ?? process.env);
  return current.version === usual.version ? [usual] : [usual, current];
}

export function takesBatches({ version }: NatsServerProgram): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > batchMajor || (major === batchMajor && minor >= batchMinor);
}
