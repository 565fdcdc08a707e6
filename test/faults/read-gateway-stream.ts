import { systemClock } from "../../src/app/system-clock.ts";
import { openBackbone } from "../../src/stream/backbone.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { streamBodies } from "../support/stream-bodies.ts";

/** Bodies of everything that the stream of the gateway `gw1` holds, in its order. */
export async function readGatewayStream(natsUrl: string): Promise<Uint8Array[]> {
  const backbone = openBackbone(backboneOptions.parse({ servers: [natsUrl] }), {
    name: "judge",
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
  });
  try {
    return await streamBodies(backbone, "GW_gw1");
  } finally {
    await backbone.close();
  }
}
