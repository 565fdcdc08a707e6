/** Gateways of many sites, each with a stream of its own. */
import { jetstream } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import type { Origin } from "../../src/core/event.ts";
import { eventIdOf, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { eventSubject } from "../../src/core/subject.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import type { BackboneOptions } from "../../src/stream/options.ts";
import { gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { createEventEncoder } from "./event-encoder.ts";
import { reading } from "./gateway-stream.ts";

const run = toRunId("aaaaaaaa");

/** One gateway for each site. */
export function manyOrigins(count: number): readonly Origin[] {
  return Array.from({ length: count }, (_, n) => ({
    site: toSiteId(`site-${n}`),
    gateway: toGatewayId(`gw-${n}`),
  }));
}

export async function makeStreams(
  connection: NatsConnection,
  origins: readonly Origin[],
  options: BackboneOptions,
): Promise<void> {
  for (const origin of origins)
    await ensureStream(connection, gatewayStreamContract(origin, options));
}

/** Publishes a reading of the one device of each gateway, as record `seq`. */
export async function publishRound(
  connection: NatsConnection,
  origins: readonly Origin[],
  seq: number,
  value: number,
): Promise<void> {
  const client = jetstream(connection);
  await Promise.all(
    origins.map((origin) => {
      const event = reading(deviceOf(origin), value, seq);
      const id = eventIdOf(origin.gateway, run, toSeq(seq));
      const carried = headers();
      carried.set("Ce-Id", id);
      const { device, kind } = event;
      const body = createEventEncoder(origin)(event, id);
      return client.publish(eventSubject({ ...origin, device, kind }), body, { headers: carried });
    }),
  );
}

export function deviceOf({ gateway }: Origin): string {
  return `d-${gateway}`;
}
