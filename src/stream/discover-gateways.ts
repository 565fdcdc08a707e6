import type { NatsConnection } from "@nats-io/transport-node";
import type { Origin } from "../core/event.ts";
import { gatewayStreamPrefix, parseGatewaySubjects } from "../core/subject.ts";
import { streamApi } from "./message-get.ts";
import { toStreamError } from "./stream-error.ts";

/** The stream of a gateway that has written to this backbone. */
export interface DiscoveredGateway extends Origin {
  readonly stream: string;
}

/** All gateways that have a stream, in no order. */
export async function discoverGateways(
  connection: NatsConnection,
): Promise<readonly DiscoveredGateway[]> {
  const gateways: DiscoveredGateway[] = [];
  try {
    for await (const { config } of (await streamApi(connection)).streams.list()) {
      if (!config.name.startsWith(gatewayStreamPrefix)) continue;
      const origin = parseGatewaySubjects(config.subjects[0] ?? "");
      if (origin) gateways.push({ ...origin, stream: config.name });
    }
  } catch (thrown) {
    throw toStreamError(thrown, "cannot list the gateways' streams");
  }
  return gateways;
}
