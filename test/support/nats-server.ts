import { onTestFinished } from "vitest";
import {
  type OwnNatsServer,
  type OwnNatsServerOptions,
  startNatsServer,
} from "../../src/nats-server/own-nats-server.ts";
import { tempFolder } from "./temp-folder.ts";

/** A real nats-server of the running test's own, on a free port; it is gone when the test ends. */
export async function natsServer(
  options: Partial<OwnNatsServerOptions> = {},
): Promise<OwnNatsServer> {
  const server = await startNatsServer({ folder: await tempFolder(), ...options });
  onTestFinished(() => server.kill());
  return server;
}
