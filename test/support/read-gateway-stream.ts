import { systemClock } from "../../src/app/system-clock.ts";
import { openBackbone } from "../../src/stream/backbone.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { readWholeStream, type WholeStreamMessage } from "../../src/stream/read-whole-stream.ts";
import { silentLogger, silentMetrics } from "./silence.ts";

const gatewayStream = "GW_gw1";

/** Bodies of everything that the stream of the gateway `gw1` holds, in its order. */
export function readGatewayStream(natsUrl: string): Promise<Uint8Array[]> {
  return readStream(natsUrl, gatewayStream);
}

/** Bodies of everything that a stream holds; none while there is no such stream. */
export async function readStream(natsUrl: string, stream: string): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = [];
  await visitStream(natsUrl, stream, ({ body }) => bodies.push(body));
  return bodies;
}

/** Shows every body of the stream of the gateway `gw1`, in its order; none is kept. */
export function visitGatewayStream(
  natsUrl: string,
  onBody: (body: Uint8Array) => void,
): Promise<void> {
  return visitStream(natsUrl, gatewayStream, ({ body }) => onBody(body));
}

/** Shows every message that a stream holds, in its order; none while there is no such stream. */
export async function visitStream(
  natsUrl: string,
  stream: string,
  onMessage: (message: WholeStreamMessage) => void,
): Promise<void> {
  const backbone = openBackbone(backboneOptions.parse({ servers: [natsUrl] }), {
    name: "judge",
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
  });
  try {
    const connection = await backbone.connected(AbortSignal.timeout(10_000));
    await readWholeStream(connection, stream, onMessage);
  } finally {
    await backbone.close();
  }
}
