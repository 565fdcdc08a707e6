import { systemClock } from "../../src/app/system-clock.ts";
import { openBackbone } from "../../src/stream/backbone.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { streamBodies } from "../support/stream-bodies.ts";

/** Bodies of everything that the stream of the gateway `gw1` holds, in its order. */
export function readGatewayStream(natsUrl: string): Promise<Uint8Array[]> {
  return readStream(natsUrl, "GW_gw1");
}

/** Bodies of everything that a stream holds; none while there is no such stream. */
export async function readStream(natsUrl: string, stream: string): Promise<Uint8Array[]> {
  const backbone = openBackbone(backboneOptions.parse({ servers: [natsUrl] }), {
    name: "judge",
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
  });
  try {
    return await streamBodies(backbone, stream);
  } finally {
    await backbone.close();
  }
}
