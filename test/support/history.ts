/** A historian of the running test's own, with what it needs. */
import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { openDatabase } from "../../src/historian/database.ts";
import {
  createHistorian,
  type Historian,
  type HistorianDependencies,
} from "../../src/historian/historian.ts";
import { historianOptions } from "../../src/historian/options.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "./backbone.ts";
import { makeGatewayStream } from "./gateway-stream.ts";
import { natsServer } from "./nats-server.ts";
import { silentLogger, silentMetrics } from "./silence.ts";

export const noSecrets = { password: undefined, token: undefined, ca: undefined };

/** A server, a connection to it and the stream of a gateway. */
export async function setUpStreams() {
  const server = await natsServer();
  const backbone = testBackbone(server.url);
  const connection = await connectionOf(backbone);
  await makeGatewayStream(connection, backboneOptionsFor(server.url));
  return { url: server.url, backbone, connection };
}

/** Running; it is stopped when the test ends. */
export function startHistorian(
  backbone: Backbone,
  url: string,
  written: object,
  changes: Partial<HistorianDependencies> = {},
): Historian {
  const clock = changes.clock ?? systemClock;
  const options = historianOptions.parse({ batch: { age: "50ms" }, ...written });
  const historian = createHistorian({
    backbone,
    backboneOptions: backboneOptionsFor(url),
    options,
    database: openDatabase(options, noSecrets, clock),
    clock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
    ...changes,
  });
  onTestFinished(() => historian.stop());
  historian.start();
  return historian;
}
